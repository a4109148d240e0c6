package io.camspool.agent.config;

import io.camspool.CamspoolException;
import io.camspool.CamspoolException.Reason;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/// Reads a file in YAML 1.2, so that `on`, `no` and `12:30` are the texts they look like.
final class YamlFile {
    private static final int MAX_BYTES = 1_000_000;

    private YamlFile() {}

    /// The mapping at the top; what is no YAML at all is refused at once.
    static Section read(Path file, Reading reading) {
        var settings =
                LoadSettings.builder()
                        .setLabel(file.toString())
                        .setCodePointLimit(MAX_BYTES)
                        .setMaxAliasesForCollections(0)
                        .build();
        var text = text(file);
        reading.markVariables(text);
        try {
            return new Compose(settings)
                    .composeString(text)
                    .map(node -> Section.of(reading, "", node))
                    .orElseGet(() -> Section.empty(reading));
        } catch (MarkedYamlEngineException e) {
            var line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(1);
            throw new CamspoolException(
                    Reason.INVALID, "%s:%d: %s".formatted(file, line, e.getProblem()), e);
        } catch (YamlEngineException e) {
            throw new CamspoolException(Reason.INVALID, file + ": " + e.getMessage(), e);
        }
    }

    private static String text(Path file) {
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw CamspoolException.invalid(
                        "configuration file", file, "a file of at most 1 MB");
            }
            return Files.readString(file);
        } catch (MalformedInputException e) {
            throw new CamspoolException(Reason.INVALID, file + ": not UTF-8", e);
        } catch (IOException e) {
            throw CamspoolException.invalid("configuration file", file, "a file that can be read");
        }
    }
}
