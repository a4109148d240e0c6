package io.camspool.agent;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What the importer looks for in an alert of the Python module.
///
/// @param isObject whether it is one whole JSON object
/// @param camera its top-level field `camera_id`, else `camera`, where that is a text
record ImportedAlert(boolean isObject, Optional<String> camera) {
    private static final JsonFactory JSON = new JsonFactory();

    static ImportedAlert read(byte[] json) {
        @Nullable String cameraId = null;
        @Nullable String camera = null;
        try (var parser = JSON.createParser(json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return new ImportedAlert(false, Optional.empty());
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                var field = parser.currentName();
                var isText = parser.nextToken() == JsonToken.VALUE_STRING;
                if (isText && field.equals("camera_id")) {
                    cameraId = parser.getText();
                } else if (isText && field.equals("camera")) {
                    camera = parser.getText();
                }
                parser.skipChildren();
            }
            return new ImportedAlert(
                    parser.currentToken() == JsonToken.END_OBJECT && parser.nextToken() == null,
                    Optional.ofNullable(cameraId != null ? cameraId : camera));
        } catch (IOException _) {
            return new ImportedAlert(false, Optional.empty());
        }
    }
}
