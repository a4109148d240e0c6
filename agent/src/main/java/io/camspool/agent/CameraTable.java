package io.camspool.agent;

import io.camspool.agent.CameraNames.Name;
import io.camspool.agent.json.Json;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Which cameras an import reads out of the names, and of how many files.
final class CameraTable {
    /// Cameras that are told apart; a box has some dozens.
    private static final int MOST_CAMERAS = 1_000;

    private static final int MOST_ROWS = 50;

    private final Map<String, Row> rows = new LinkedHashMap<>();
    private boolean isGuessed;
    private boolean isCut;

    private static final class Row {
        private final String file;
        private final Name name;
        private long files;
        private long guessed;

        Row(String file, Name name) {
            this.file = file;
            this.name = name;
        }
    }

    void add(String file, Name name) {
        isGuessed |= name.guessed();
        var row = rows.get(name.camera());
        if (row == null) {
            if (rows.size() == MOST_CAMERAS) {
                isCut = true;
                return;
            }
            row = new Row(file, name);
            rows.put(name.camera(), row);
        }
        row.files++;
        row.guessed += name.guessed() ? 1 : 0;
    }

    boolean isGuessed() {
        return isGuessed;
    }

    void printJson(PrintWriter out) {
        rows.forEach(
                (camera, row) ->
                        JsonLines.print(
                                out,
                                line -> {
                                    line.writeStringField("camera", camera);
                                    line.writeNumberField("files", row.files);
                                    line.writeNumberField("guessed", row.guessed);
                                    line.writeStringField("example", row.file);
                                    Json.optional(line, "alert", row.name.alert());
                                }));
    }

    void print(PrintWriter out) {
        if (rows.isEmpty()) {
            return;
        }
        var table = new ArrayList<List<String>>();
        table.add(List.of("CAMERA", "FILES", "GUESSED", "EXAMPLE", "ITS ALERT"));
        rows.entrySet().stream()
                .limit(MOST_ROWS)
                .forEach(
                        entry -> {
                            var row = entry.getValue();
                            table.add(
                                    List.of(
                                            Texts.cell(entry.getKey()),
                                            Long.toString(row.files),
                                            Long.toString(row.guessed),
                                            Texts.oneLine(row.file),
                                            Texts.cell(row.name.alert().orElse("-"))));
                        });
        out.println(Texts.table(table));
        if (isCut || rows.size() > MOST_ROWS) {
            out.println("and more cameras");
        }
        if (isGuessed) {
            out.println(
                    "names with more than one _ are guessed; --camera-pattern decides, as '(?<camera>[^_]+_[0-9]+)_(?<alert>.+)'");
        }
    }
}
