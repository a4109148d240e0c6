package io.camspool.agent.demo;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonToken;
import io.camspool.ItemKind;
import io.camspool.agent.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// The closing balance, counted from the files of a folder sink and from nothing that the spool
/// says about itself.
///
/// An image's id is the last `_`-part of its file name, an alert's stands in its CloudEvents JSON.
/// The SHA-256 of the image, and of the alert's `data` as it stands in the file, must be what the
/// receipt promised.
///
/// @param delivered accepted ids found with the right bytes
/// @param lost accepted ids without a file that has the right bytes
/// @param doubled files beyond the first of an id, and files that no receipt knows
/// @param unfinished hidden files: written aside and never renamed; a reader of the folder doesn't
///   see them
record Proof(
        Count captures, Count alerts, long delivered, long lost, long doubled, long unfinished) {
    private static final JsonFactory JSON = new JsonFactory();

    /// What a receipt said.
    ///
    /// @param sha256 of the stored bytes; empty: it never said stored
    record Promise(ItemKind kind, Optional<String> sha256) {}

    /// One kind of item.
    ///
    /// @param files found in the folder
    /// @param bytes of these files
    record Count(long accepted, long files, long bytes) {}

    /// What the folder sink knows its folder by.
    private static final String MARKER = ".camspool-sink";

    /// Reads every file below `folder`.
    ///
    /// @param promises by item id
    static Proof count(Path folder, Map<String, Promise> promises) throws IOException {
        var tally = new ProofTally(promises);
        try (var files = Files.walk(folder)) {
            for (var file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                if (!isHidden(folder.relativize(file))) {
                    examine(file, tally);
                } else if (!file.endsWith(MARKER)) {
                    tally.unfinished();
                }
            }
        }
        return tally.result();
    }

    boolean holds() {
        return accepted() > 0 && delivered == accepted() && lost == 0 && doubled == 0;
    }

    long accepted() {
        return captures.accepted + alerts.accepted;
    }

    /// `accepted 182, delivered 182, lost 0, doubled 0`
    String inWords() {
        return "accepted "
                + accepted()
                + ", delivered "
                + delivered
                + ", lost "
                + lost
                + ", doubled "
                + doubled;
    }

    private static boolean isHidden(Path relative) {
        for (var part : relative) {
            if (part.toString().startsWith(".")) {
                return true;
            }
        }
        return false;
    }

    private static void examine(Path file, ProofTally tally) throws IOException {
        var name = file.getFileName().toString();
        var bytes = Files.readAllBytes(file);
        if (name.endsWith(".json")) {
            var event = Event.parse(bytes);
            tally.file(ItemKind.ALERT, event.id, event.dataSha256, bytes.length);
        } else {
            tally.file(ItemKind.CAPTURE, idOf(name), Sha256.of(bytes), bytes.length);
        }
    }

    /// `gate-1_alert-42_<id>.jpg`; a name of another form gives an id that no receipt knows.
    private static String idOf(String name) {
        var dot = name.lastIndexOf('.');
        var stem = dot < 0 ? name : name.substring(0, dot);
        return stem.substring(stem.lastIndexOf('_') + 1);
    }

    /// The id of a CloudEvent and the hash of its data, byte for byte; empty texts where it has
    /// none or is no JSON.
    private record Event(String id, String dataSha256) {
        static Event parse(byte[] json) {
            var id = "";
            var data = "";
            try (var parser = JSON.createParser(json)) {
                if (parser.nextToken() != JsonToken.START_OBJECT) {
                    return new Event("", "");
                }
                for (var name = parser.nextFieldName();
                        name != null;
                        name = parser.nextFieldName()) {
                    var value = parser.nextToken();
                    var from = (int) parser.currentTokenLocation().getByteOffset();
                    parser.skipChildren();
                    if (name.equals("id") && value == JsonToken.VALUE_STRING) {
                        id = parser.getText();
                    } else if (name.equals("data") && value == JsonToken.START_OBJECT) {
                        var to = (int) parser.currentLocation().getByteOffset();
                        data = Sha256.of(json, from, to - from);
                    }
                }
                return new Event(id, data);
            } catch (IOException _) {
                return new Event("", "");
            }
        }
    }
}
