package io.camspool.internal.sink.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.camspool.sink.Delivery;
import io.camspool.sink.Outcome;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/// Which alerts of a batch the receiver says that it took:
/// `{"accepted":["id"],"refused":[{"id":"id","reason":"why"}]}`. What was named before the answer
/// breaks off counts; of what isn't named nobody knows.
final class Naming {
    private static final int MAX_REASON = 200;

    private final Reply reply;
    private final Map<String, Outcome> named = new HashMap<>();

    Naming(Reply reply) {
        this.reply = reply;
        try (var parser = Json.FACTORY.createParser(reply.body())) {
            if (parser.nextToken() == JsonToken.START_OBJECT) {
                readLists(parser);
            }
        } catch (IOException _) {
            // What stands before is as good as ever.
        }
    }

    Outcome outcome(Delivery delivery) {
        var known = named.get(delivery.item().id().value());
        return known != null
                ? known
                : new Outcome.SinkFault(
                        "answered %d, and the answer didn't name it".formatted(reply.status()));
    }

    private void readLists(JsonParser parser) throws IOException {
        for (var name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            var isList = parser.nextToken() == JsonToken.START_ARRAY;
            if (!isList || !(name.equals("accepted") || name.equals("refused"))) {
                parser.skipChildren();
                continue;
            }
            for (var token = parser.nextToken();
                    token != JsonToken.END_ARRAY && token != null;
                    token = parser.nextToken()) {
                if (name.equals("accepted") && token == JsonToken.VALUE_STRING) {
                    named.putIfAbsent(
                            parser.getText(),
                            new Outcome.Delivered(
                                    "answered %d, named accepted".formatted(reply.status())));
                } else if (name.equals("refused") && token == JsonToken.START_OBJECT) {
                    readRefused(parser);
                } else {
                    parser.skipChildren();
                }
            }
        }
    }

    private void readRefused(JsonParser parser) throws IOException {
        var id = "";
        var reason = "refused by the receiver";
        for (var name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            var token = parser.nextToken();
            if (name.equals("id") && token == JsonToken.VALUE_STRING) {
                id = parser.getText();
            } else if (name.equals("reason") && token == JsonToken.VALUE_STRING) {
                reason = parser.getText();
            } else {
                parser.skipChildren();
            }
        }
        named.put(
                id,
                new Outcome.ItemRefused(
                        reason.length() <= MAX_REASON ? reason : reason.substring(0, MAX_REASON),
                        "answered " + reply.status()));
    }
}
