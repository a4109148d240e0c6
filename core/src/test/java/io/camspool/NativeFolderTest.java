package io.camspool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// Where a process unpacks SQLite. A child each time, as a process does it once.
@Timeout(120)
final class NativeFolderTest {
    @TempDir Path folder;
    private Path data;
    private Path natives;
    private Path missing;

    @BeforeEach
    void name() {
        data = folder.resolve("data");
        natives = data.resolve("native");
        missing = folder.resolve("missing");
    }

    /// Starts a process that saves, has it killed when something is stored, and says where SQLite's
    /// files were then.
    private List<Path> saveAndKill(Path place, String... options)
            throws IOException, InterruptedException {
        var process =
                ChildProcess.start(
                        SavingProcess.class,
                        List.of(options),
                        data.toString(),
                        Files.createDirectories(folder.resolve("target")).toString());
        try (var reader = process.inputReader(StandardCharsets.UTF_8)) {
            assertThat(reader.readLine()).as("stored").isNotNull();
            return sqliteFiles(place);
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    private static List<Path> sqliteFiles(Path place) throws IOException {
        if (!Files.isDirectory(place)) {
            return List.of();
        }
        try (var files = Files.list(place)) {
            return files.filter(file -> file.toString().contains("sqlite")).toList();
        }
    }

    @Test
    void itIsUnpackedBelowTheDataFolderAndWhatKilledProcessesLeaveDoesNotPileUp()
            throws IOException, InterruptedException {
        for (var kill = 0; kill < 5; kill++) {
            assertThat(saveAndKill(natives, "-Djava.io.tmpdir=" + missing))
                    .as("a library, after %d kills", kill)
                    .hasSize(1);
        }
        assertThat(missing).doesNotExist();
    }

    @Test
    void itIsUnpackedOnceAndAnewWhereItIsTorn() throws IOException, InterruptedException {
        var library = saveAndKill(natives).getFirst();
        var whole = Files.readAllBytes(library);
        var before = Files.getAttribute(library, "lastModifiedTime");

        assertThat(saveAndKill(natives)).containsExactly(library);
        assertThat(Files.getAttribute(library, "lastModifiedTime")).isEqualTo(before);

        Files.write(library, Arrays.copyOf(whole, 1000));
        assertThat(saveAndKill(natives)).containsExactly(library);
        assertThat(library).hasBinaryContent(whole);
    }

    @Test
    void aPlaceThatTheProgramHasSetIsKept() throws IOException, InterruptedException {
        var own = Files.createDirectory(folder.resolve("own"));

        assertThat(saveAndKill(own, "-Dorg.sqlite.tmpdir=" + own)).hasSize(2);
        assertThat(sqliteFiles(natives)).isEmpty();
    }

    @Test
    void aFileInTheWayIsNoReasonNotToOpen() throws IOException, InterruptedException {
        Files.createDirectories(data);
        Files.writeString(natives, "");
        var temporary = Files.createDirectory(folder.resolve("temporary"));

        assertThat(saveAndKill(temporary, "-Djava.io.tmpdir=" + temporary)).hasSize(2);
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "what is loaded is read from /proc")
    void aReaderUsesTheDataFolderOnlyWhereNothingElseIsLeft()
            throws IOException, InterruptedException {
        saveAndKill(natives);
        var temporary = Files.createDirectory(folder.resolve("temporary"));
        var left = sqliteFiles(natives);

        assertThat(read("-Djava.io.tmpdir=" + temporary)).startsWith(temporary.toString());
        assertThat(sqliteFiles(natives)).isEqualTo(left);
        assertThat(read("-Djava.io.tmpdir=" + missing)).startsWith(natives.toString());
        assertThat(sqliteFiles(natives)).isEqualTo(left);
    }

    /// Has a process read the folder; where it had unpacked SQLite.
    private String read(String... options) throws IOException, InterruptedException {
        var process = ChildProcess.start(ReadingProcess.class, List.of(options), data.toString());
        try (var reader = process.inputReader(StandardCharsets.UTF_8)) {
            var place = reader.readLine();
            assertThat(process.waitFor()).isZero();
            return place;
        }
    }
}
