package io.camspool.internal.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A reserve on a disk that has as much room as the test says.
final class ReserveTest {
    @TempDir Path folder;

    private SmallDisk disk;
    private Reserve reserve;

    private static final class SmallDisk extends PassingDisk {
        private final Path folder;
        private long room;

        SmallDisk(Path folder, long room) {
            this.folder = folder;
            this.room = room;
        }

        @Override
        public long usableBytes(Path asked) throws IOException {
            var file = folder.resolve("reserve");
            return room - (exists(file) ? size(file) : 0);
        }
    }

    @BeforeEach
    void make() {
        disk = new SmallDisk(folder, 30_000_000);
        reserve = new Reserve(disk, folder);
        reserve.restore();
        assertThat(file()).hasSize(Reserve.BYTES);
    }

    private Path file() {
        return folder.resolve("reserve");
    }

    @Test
    void whatIsLeftIsTakenBackOnCloseAndGivenUpByTheNextOpen() {
        disk.room = 8_000_000;
        assertThat(reserve.giveUpWhenFull()).isTrue();
        disk.room = 4_500_000;

        reserve.close();

        assertThat(file()).hasSize(4_500_000);
        new Reserve(disk, folder).prepareToOpen();
        assertThat(file()).doesNotExist();
    }

    @Test
    void aPartOfItIsMadeWholeWhenThereIsRoomAgain() {
        disk.room = 5_000_000;
        reserve.giveUpWhenFull();
        reserve.close();
        disk.room = 40_000_000;

        var next = new Reserve(disk, folder);
        next.prepareToOpen();
        next.restore();
        next.restore();

        assertThat(file()).hasSize(Reserve.BYTES);
        assertThat(next.trouble()).isEmpty();
    }

    @Test
    void aCloseWithRoomMakesNone() throws IOException {
        disk.delete(file());

        reserve.close();

        assertThat(file()).doesNotExist();
    }
}
