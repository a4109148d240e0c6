package io.camspool.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.camspool.crash.Operation.Begin;
import io.camspool.crash.Operation.Enter;
import io.camspool.crash.Operation.ForceBegan;
import io.camspool.crash.Operation.ForceEnded;
import io.camspool.crash.Operation.Inode;
import io.camspool.crash.Operation.Remove;
import io.camspool.crash.Operation.Rename;
import io.camspool.crash.Operation.Write;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// What can be left after a power cut, and what can't.
final class CrashStateTest {
    private static final int STATES = 3_000;
    private static final Inode ROOT = new Inode(0, true);
    private static final Inode FOLDER = new Inode(1, true);
    private static final Inode FILE = new Inode(2, false);

    /// All that can be there when these operations have happened: a text a state, as `name=bytes`.
    private static Set<String> possible(Operation... operations) {
        var recording = Recording.of(Path.of("none"), List.of(operations));
        var states = new TreeSet<String>();
        for (var number = 0; number < STATES; number++) {
            var state = CrashState.of(recording, 7, number);
            if (state.happened() == operations.length) {
                states.add(text(state));
            }
        }
        return states;
    }

    private static String text(CrashState state) {
        var files = new TreeMap<String, String>();
        state.entries()
                .forEach((path, content) -> content.ifPresent(it -> files.put(path, sectors(it))));
        return files.toString();
    }

    /// The first byte of each sector.
    private static String sectors(byte[] bytes) {
        var text = new StringBuilder();
        for (var at = 0; at < bytes.length; at += Survival.SECTOR_BYTES) {
            text.append(bytes[at]);
        }
        return text.toString();
    }

    private static Write write(long offset, int sectors, int value) {
        var bytes = new byte[sectors * Survival.SECTOR_BYTES];
        Arrays.fill(bytes, (byte) value);
        return new Write(FILE, offset, bytes);
    }

    @Test
    void aNewFileNeedsItselfAndItsFolderForced() {
        assertThat(possible(new Begin(), new Enter(ROOT, "a", FILE), write(0, 1, 1)))
                .containsExactlyInAnyOrder("{}", "{a=}", "{a=0}", "{a=1}");
    }

    @Test
    void forcingAFileDoesNotForceItsName() {
        assertThat(
                        possible(
                                new Begin(),
                                new Enter(ROOT, "a", FILE),
                                write(0, 1, 1),
                                new ForceBegan(FILE, 1),
                                new ForceEnded(FILE, 1)))
                .containsExactlyInAnyOrder("{}", "{a=1}");
    }

    @Test
    void forcingAFolderDoesNotForceWhatIsInItsFiles() {
        assertThat(
                        possible(
                                new Begin(),
                                new Enter(ROOT, "a", FILE),
                                write(0, 1, 1),
                                new ForceBegan(ROOT, 1),
                                new ForceEnded(ROOT, 1)))
                .containsExactlyInAnyOrder("{a=}", "{a=0}", "{a=1}");
    }

    @Test
    void anFsyncForcesOnlyWhatWasThereWhenItBegan() {
        assertThat(
                        possible(
                                new Enter(ROOT, "a", FILE),
                                write(0, 2, 1),
                                new Begin(),
                                write(0, 1, 2),
                                new ForceBegan(FILE, 1),
                                write(512, 1, 3),
                                new ForceEnded(FILE, 1)))
                .containsExactlyInAnyOrder("{a=21}", "{a=23}");
    }

    @Test
    void anFsyncThatHasNotEndedForcesNothing() {
        assertThat(
                        possible(
                                new Enter(ROOT, "a", FILE),
                                write(0, 1, 1),
                                new Begin(),
                                write(0, 1, 2),
                                new ForceBegan(FILE, 1)))
                .containsExactlyInAnyOrder("{a=1}", "{a=2}");
    }

    @Test
    void aWriteIsTornAtSectorsOnly() {
        assertThat(
                        possible(
                                new Enter(ROOT, "a", FILE),
                                write(0, 3, 1),
                                new Begin(),
                                write(0, 3, 2)))
                .containsExactlyInAnyOrder(
                        "{a=111}", "{a=112}", "{a=121}", "{a=122}", "{a=211}", "{a=212}", "{a=221}",
                        "{a=222}");
    }

    @Test
    void aLaterWriteMayBeThereWithoutAnEarlierOne() {
        assertThat(
                        possible(
                                new Enter(ROOT, "a", FILE),
                                write(0, 2, 1),
                                new Begin(),
                                write(0, 1, 2),
                                write(512, 1, 3)))
                .containsExactlyInAnyOrder("{a=11}", "{a=21}", "{a=13}", "{a=23}");
    }

    @Test
    void aRenameHappensOrNot() {
        assertThat(
                        possible(
                                new Enter(ROOT, "folder", FOLDER),
                                new Enter(ROOT, "a", FILE),
                                write(0, 1, 1),
                                new Begin(),
                                new Rename(ROOT, "a", FOLDER, "b", FILE)))
                .containsExactlyInAnyOrder("{a=1}", "{folder/b=1}");
    }

    @Test
    void whatIsMovedIntoAFolderThatIsNotForcedGoesWithIt() {
        assertThat(
                        possible(
                                new Enter(ROOT, "a", FILE),
                                write(0, 1, 1),
                                new Begin(),
                                new Enter(ROOT, "folder", FOLDER),
                                new Rename(ROOT, "a", FOLDER, "b", FILE),
                                new ForceBegan(FOLDER, 1),
                                new ForceEnded(FOLDER, 1)))
                .containsExactlyInAnyOrder("{}", "{folder/b=1}");
    }

    @Test
    void aRemovalThatIsNotForcedMayComeBack() {
        assertThat(
                        possible(
                                new Enter(ROOT, "a", FILE),
                                write(0, 1, 1),
                                new Begin(),
                                new Remove(ROOT, "a")))
                .containsExactlyInAnyOrder("{}", "{a=1}");
    }

    @Test
    void aStateIsMadeAgainByItsName() {
        var recording =
                Recording.of(
                        Path.of("none"),
                        List.of(new Begin(), new Enter(ROOT, "a", FILE), write(0, 9, 1)));
        for (var number = 0; number < 50; number++) {
            assertThat(text(CrashState.of(recording, 3, number)))
                    .isEqualTo(text(CrashState.of(recording, 3, number)));
        }
    }
}
