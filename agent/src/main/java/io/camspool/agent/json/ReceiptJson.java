package io.camspool.agent.json;

import com.fasterxml.jackson.core.JsonGenerator;
import io.camspool.ItemKind;
import io.camspool.Receipt;
import io.camspool.Stored;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Function;

/// An item that was handed in.
///
/// @param path how the path of a capture's file is shown
public record ReceiptJson(Function<Path, String> path) {
    /// One that is admitted, and stored soon.
    public void write(JsonGenerator json, Receipt receipt) throws IOException {
        json.writeStringField("id", receipt.id().value());
        var kind = receipt.path().isPresent() ? ItemKind.CAPTURE : ItemKind.ALERT;
        json.writeStringField("kind", Json.word(kind));
        Json.optional(json, "path", receipt.path().map(path));
    }

    public void write(JsonGenerator json, Receipt receipt, Stored stored) throws IOException {
        write(json, receipt);
        json.writeNumberField("seq", stored.seq());
        json.writeNumberField("bytes", stored.bytes());
        json.writeStringField("sha256", stored.sha256());
        Json.optional(json, "change", stored.change());
    }
}
