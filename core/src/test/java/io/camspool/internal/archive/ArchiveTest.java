package io.camspool.internal.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camspool.Durability;
import io.camspool.ItemId;
import io.camspool.internal.disk.FaultyDisk;
import io.camspool.internal.disk.FaultyDisk.Call;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ArchiveTest {
    @TempDir Path root;
    private final FaultyDisk disk = new FaultyDisk();
    private final List<Path> forced = new ArrayList<>();
    private final AtomicInteger written = new AtomicInteger();
    private Archive archive;

    @BeforeEach
    void prepare() throws IOException {
        archive = new Archive(disk, root, Durability.FSYNC);
        archive.prepare();
    }

    private void place(String id, String path) throws IOException {
        archive.write(new ItemId(id), ByteBuffer.wrap(new byte[10]));
        archive.place(new ItemId(id), path);
    }

    private static Archive.Image image(String id, String path) {
        return new Archive.Image(new ItemId(id), path, Optional.empty());
    }

    private void remove(String id, String path) {
        assertThat(archive.remove(List.of(image(id, path)))).isEmpty();
    }

    @Test
    void aFolderThatCannotBeForcedDoesNotKeepTheOthersWaiting() throws IOException {
        place("a", "20261123/a.jpg");
        place("b", "20261124/b.jpg");
        place("c", "20261125/c.jpg");
        disk.breakWith(
                (call, path) -> {
                    if (call == Call.FORCE_FOLDER) {
                        if (path.endsWith("20261124")) {
                            throw new IOException("Input/output error");
                        }
                        forced.add(path);
                    }
                });

        assertThatThrownBy(archive::settle).hasMessage("Input/output error");

        assertThat(forced)
                .containsExactlyInAnyOrder(root.resolve("20261123"), root.resolve("20261125"));
        disk.mend();
        archive.settle();
    }

    @Test
    void aFolderThatIsGoneNeedsNoForce() throws IOException {
        place("a", "20261123/a.jpg");
        Files.delete(root.resolve("20261123/a.jpg"));
        Files.delete(root.resolve("20261123"));

        archive.settle();
        place("b", "20261123/b.jpg");

        assertThat(root.resolve("20261123/b.jpg")).exists();
    }

    @Test
    void aRemovalForcesTheNameAwayAlsoWhenTheFileIsGoneAlready() throws IOException {
        place("a", "20261123/a.jpg");
        Files.delete(root.resolve("20261123/a.jpg"));
        disk.breakWith(
                (call, path) -> {
                    if (call == Call.FORCE_FOLDER) {
                        forced.add(path);
                    }
                });

        remove("a", "20261123/a.jpg");
        remove("b", "20261126/never-there.jpg");

        assertThat(forced).contains(root.resolve("20261123"));
    }

    @Test
    void anImageThatIsNowhereIsMissed() throws IOException {
        place("a", "20261123/a.jpg");
        archive.place(new ItemId("a"), "20261123/a.jpg");

        assertThatThrownBy(() -> archive.place(new ItemId("b"), "20261123/b.jpg"))
                .isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void imagesOfOneFolderCostOneForceAndTheEmptyFolderGoes() throws IOException {
        place("a", "20261123/a.jpg");
        place("b", "20261123/b.jpg");
        place("c", "20261124/c.jpg");
        place("d", "20261124/d.jpg");
        disk.breakWith(FaultyDisk.recording(Call.FORCE_FOLDER, forced));

        var failures =
                archive.remove(
                        List.of(
                                image("a", "20261123/a.jpg"),
                                image("c", "20261124/c.jpg"),
                                image("b", "20261123/b.jpg")));

        assertThat(failures).isEmpty();
        assertThat(forced).containsExactly(root.resolve("20261123"), root.resolve("20261124"));
        assertThat(root.resolve("20261123")).doesNotExist();
        assertThat(root.resolve("20261124/d.jpg")).exists();
        disk.mend();
        place("e", "20261123/e.jpg");
        assertThat(root.resolve("20261123/e.jpg")).exists();
        archive.settle();
    }

    @Test
    void aFolderThatIsMadeAgainIsForcedWithItsParentAgain() throws IOException {
        place("a", "20261123/a.jpg");
        remove("a", "20261123/a.jpg");
        disk.breakWith(FaultyDisk.recording(Call.FORCE_FOLDER, forced));

        place("b", "20261123/b.jpg");

        assertThat(forced).contains(root);
    }

    @Test
    void aDiskIsAskedForTheRoomOfAnImageAndKeepsNothingOfTheQuestion() throws IOException {
        disk.breakWith(
                (call, _) -> {
                    if (call == Call.WRITE && written.addAndGet(1) > 1) {
                        throw new IOException("No space left on device");
                    }
                    if (call == Call.CREATE) {
                        written.set(0);
                    }
                });

        assertThat(archive.canWrite(0)).isTrue();
        assertThat(archive.canWrite(4_096)).isTrue();
        assertThat(archive.canWrite(300_000)).isFalse();
        assertThat(root.resolve(".incoming")).isEmptyDirectory();
    }

    @Test
    void whatIsQuarantinedOverwritesNothing() throws IOException {
        var quarantine = root.resolve("quarantine");
        for (var content : List.of("first", "second", "third")) {
            Files.writeString(root.resolve(".incoming/a"), content);
            archive.quarantineNamed("a", quarantine);
        }

        assertThat(quarantine.resolve("a")).hasContent("first");
        assertThat(quarantine.resolve("a~2")).hasContent("second");
        assertThat(quarantine.resolve("a~3")).hasContent("third");
    }

    @Test
    void aProbeThatACrashLeftIsNoImage() throws IOException {
        Files.write(root.resolve(".incoming/.probe"), new byte[10]);

        var aside = new ArrayList<String>();
        archive.forEachAside(aside::add);
        assertThat(aside).isEmpty();
        assertThat(archive.canWrite(1)).isTrue();
        assertThat(root.resolve(".incoming")).isEmptyDirectory();
    }

    @Test
    void anImageThatWithstandsKeepsNoOtherFromGoing() throws IOException {
        place("a", "20261123/a.jpg");
        place("b", "20261123/b.jpg");
        disk.breakWith(
                (call, path) -> {
                    if (call == Call.DELETE && path.endsWith("a.jpg")) {
                        throw new IOException("Input/output error");
                    }
                });

        var failures =
                archive.remove(List.of(image("a", "20261123/a.jpg"), image("b", "20261123/b.jpg")));

        assertThat(failures).containsOnlyKeys(new ItemId("a"));
        assertThat(root.resolve("20261123/a.jpg")).exists();
        assertThat(root.resolve("20261123/b.jpg")).doesNotExist();
    }

    @Test
    void noImageIsTakenForRemovedWhileTheFolderOrItsMarkIsGone() throws IOException {
        archive.mark("spool");
        place("a", "20261123/a.jpg");
        var image = List.of(image("a", "20261123/a.jpg"));
        for (var gone : List.of(".camspool", ".incoming")) {
            Files.move(root.resolve(gone), root.resolve("elsewhere"));

            assertThat(archive.remove(image)).containsOnlyKeys(new ItemId("a"));

            Files.move(root.resolve("elsewhere"), root.resolve(gone));
        }
        assertThat(archive.remove(image)).isEmpty();
    }
}
