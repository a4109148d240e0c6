package io.camspool.internal.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.camspool.Durability;
import io.camspool.ItemId;
import io.camspool.internal.archive.Archive;
import io.camspool.internal.disk.FaultyDisk;
import io.camspool.internal.disk.FaultyDisk.Call;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PlacingTest {
    @TempDir Path folder;
    private final FaultyDisk disk = new FaultyDisk();
    private final AtomicInteger renames = new AtomicInteger();
    private Archive archive;

    @BeforeEach
    void prepare() throws IOException {
        archive = new Archive(disk, folder, Durability.FSYNC);
        archive.prepare();
    }

    private void place(Placing placing, int number) throws IOException {
        var id = new ItemId("item" + number);
        archive.write(id, ByteBuffer.wrap(new byte[10]));
        placing.place(id, path(number));
    }

    private static String path(int number) {
        return "20261124/gate_" + number + ".jpg";
    }

    private List<String> aside() throws IOException {
        var names = new ArrayList<String>();
        archive.forEachAside(names::add);
        return names;
    }

    private void failRenamesTo(String part) {
        disk.breakWith(
                (call, path) -> {
                    if (call == Call.RENAME) {
                        renames.incrementAndGet();
                        if (path.toString().contains(part)) {
                            throw new IOException("Input/output error");
                        }
                    }
                });
    }

    @Test
    void imagesBeyondTheBoundAreLeftToTheNextOpen() throws IOException {
        var placing = new Placing(archive, _ -> true, 3);
        failRenamesTo("gate");
        for (var i = 0; i < 5; i++) {
            place(placing, i);
        }
        assertThat(placing.trouble().orElseThrow())
                .contains("Input/output error")
                .endsWith("; 5 aside, 2 of them until the next open");

        disk.mend();
        placing.settle();
        assertThat(placing.trouble().orElseThrow())
                .endsWith("; 2 aside, 2 of them until the next open");
        assertThat(aside()).containsExactlyInAnyOrder("item3", "item4");
    }

    @Test
    void triesEndAtTheFirstFailure() throws IOException {
        var placing = new Placing(archive, _ -> true);
        failRenamesTo("gate");
        for (var i = 0; i < 5; i++) {
            place(placing, i);
        }
        renames.set(0);
        placing.settle();

        assertThat(renames).hasValue(1);
        assertThat(placing.trouble().orElseThrow()).endsWith("; 5 aside");
    }

    @Test
    void oneImageThatCanNeverBePlacedKeepsNoOtherFromItsPlace() throws IOException {
        var placing = new Placing(archive, _ -> true);
        failRenamesTo("gate");
        for (var i = 0; i < 5; i++) {
            place(placing, i);
        }
        failRenamesTo("gate_0");
        placing.settle();
        placing.settle();
        assertThat(aside()).containsExactly("item0");
        assertThat(placing.trouble().orElseThrow()).endsWith("; 1 aside");

        disk.mend();
        placing.settle();
        assertThat(placing.trouble()).isEmpty();
        assertThat(folder.resolve(path(0))).exists();
    }

    @Test
    void anImageThatIsGoneIsTroubleOnlyWhileItIsHeld() {
        var removed = new Placing(archive, _ -> false);
        var held = new Placing(archive, _ -> true);

        assertThat(removed.place(new ItemId("item1"), path(1))).isTrue();
        assertThat(held.place(new ItemId("item1"), path(1))).isFalse();
        assertThat(removed.trouble()).isEmpty();
        assertThat(held.trouble().orElseThrow()).contains("no such file");
    }
}
