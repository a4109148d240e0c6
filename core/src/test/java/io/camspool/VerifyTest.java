package io.camspool;

import static org.assertj.core.api.Assertions.assertThat;

import io.camspool.Verification.Kind;
import io.camspool.Verification.Problem;
import io.camspool.internal.disk.PassingDisk;
import io.camspool.internal.engine.Engine;
import io.camspool.internal.engine.Worlds;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Queue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What goes while everything is re-read is no problem.
final class VerifyTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
    private static final String DAY = "20261123";

    @TempDir Path folder;
    private final Queue<Runnable> onceListed = new ArrayDeque<>();
    private final Queue<Runnable> beforeFailing = new ArrayDeque<>();

    private final PassingDisk disk =
            new PassingDisk() {
                @Override
                public void list(Path listed, Entries entries) throws IOException {
                    var files = new ArrayList<Path>();
                    super.list(listed, files::add);
                    if (listed.endsWith(DAY) && !onceListed.isEmpty()) {
                        onceListed.remove().run();
                    }
                    for (var file : files) {
                        entries.take(file);
                    }
                }

                @Override
                public InputStream open(Path file) throws IOException {
                    if (file.toString().contains(DAY) && !beforeFailing.isEmpty()) {
                        beforeFailing.remove().run();
                        throw new IOException("Stale file handle");
                    }
                    return super.open(file);
                }
            };

    private Camspool open() {
        return Engine.open(
                CamspoolConfig.in(folder).withZone(ZoneOffset.UTC).withDurability(Durability.OS),
                Worlds.with(disk));
    }

    private static Receipt save(Camspool spool, int picture) {
        var receipt =
                spool.save(Capture.of("gate", Encoded.of(Pictures.jpeg(64, 48, picture))).at(NOON));
        receipt.await(SOON);
        return receipt;
    }

    @Test
    void aFileThatIsRemovedAfterItWasListedIsNotForeign() throws IOException {
        try (var spool = open()) {
            var going = save(spool, 1);
            save(spool, 2);
            onceListed.add(() -> spool.remove(going.id(), Undelivered.DROP));
            assertThat(spool.verify(_ -> {}).problems()).isEmpty();

            Files.writeString(folder.resolve("captures").resolve(DAY).resolve("other"), "x");
            assertThat(spool.verify(_ -> {}).problems())
                    .extracting(Problem::kind)
                    .containsExactly(Kind.FOREIGN);
        }
    }

    @Test
    void aFileThatCannotBeReadSinceItIsBeingRemovedIsNotDamaged() {
        try (var spool = open()) {
            var going = save(spool, 1);
            beforeFailing.add(() -> spool.remove(going.id(), Undelivered.DROP));
            assertThat(spool.verify(_ -> {}).problems()).isEmpty();

            save(spool, 2);
            beforeFailing.add(() -> {});
            assertThat(spool.verify(_ -> {}).problems())
                    .extracting(Problem::kind)
                    .containsExactly(Kind.DAMAGED);
        }
    }
}
