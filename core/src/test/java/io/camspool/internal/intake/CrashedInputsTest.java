package io.camspool.internal.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.camspool.internal.disk.Disk;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CrashedInputsTest {
    @TempDir Path folder;

    private CrashedInputs open() throws IOException {
        return CrashedInputs.open(
                Disk.real(), folder.resolve("decoding"), folder.resolve("quarantine/crashed"));
    }

    private static MemorySegment image(int number) {
        return MemorySegment.ofArray(("image " + number).getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] hash(int number) {
        return Hashes.of(image(number));
    }

    @Test
    void whatIsDecodedToTheEndIsForgotten() throws IOException {
        try (var _ = open().mark(hash(1))) {
            assertThat(folder.resolve("decoding")).isNotEmptyDirectory();
        }

        assertThat(open().contain(image(1))).isFalse();
        assertThat(folder.resolve("quarantine")).doesNotExist();
    }

    @Test
    void whatAnEndInterruptedIsRememberedForEver() throws IOException {
        open().mark(hash(1));

        for (var later = 0; later < 3; later++) {
            var crashed = open();
            assertThat(crashed.contain(image(1))).isTrue();
            assertThat(crashed.contain(image(2))).isFalse();
            assertThat(folder.resolve("decoding")).isEmptyDirectory();
        }
    }

    @Test
    void twoThreadsMayDecodeTheSameImage() throws IOException {
        var crashed = open();
        try (var _ = crashed.mark(hash(1))) {
            crashed.mark(hash(1)).close();

            assertThat(folder.resolve("decoding")).isNotEmptyDirectory();
        }
        assertThat(folder.resolve("decoding")).isEmptyDirectory();
    }

    @Test
    void onlyTheNewestAreRemembered() throws IOException {
        for (var start = 0; start < 3; start++) {
            var crashed = open();
            for (var number : IntStream.range(start * 400, start * 400 + 400).toArray()) {
                crashed.mark(hash(number));
            }
        }

        var crashed = open();

        assertThat(crashed.size()).isEqualTo(CrashedInputs.MOST);
        assertThat(IntStream.range(400, 1200).allMatch(number -> crashed.contain(image(number))))
                .isTrue();
        assertThat(folder.resolve("quarantine/crashed")).content().hasLineCount(CrashedInputs.MOST);
    }

    @Test
    void whatIsNoHashIsIgnored() throws IOException {
        open().mark(hash(1));
        Files.writeString(folder.resolve("decoding/other"), "");
        Files.createDirectories(folder.resolve("quarantine"));
        Files.writeString(folder.resolve("quarantine/crashed"), "no hash\n\n\0\n");

        assertThat(open().size()).isEqualTo(1);
        assertThat(folder.resolve("decoding")).isEmptyDirectory();
    }

    @Test
    void aFolderThatWasRemovedIsMadeAgain() throws IOException {
        var crashed = open();
        Files.delete(folder.resolve("decoding"));

        crashed.mark(hash(1)).close();

        assertThat(folder.resolve("decoding")).isEmptyDirectory();
    }
}
