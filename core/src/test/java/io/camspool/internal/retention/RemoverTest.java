package io.camspool.internal.retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camspool.Camspool;
import io.camspool.CamspoolConfig;
import io.camspool.CamspoolException;
import io.camspool.Capture;
import io.camspool.Durability;
import io.camspool.Encoded;
import io.camspool.ItemId;
import io.camspool.Pictures;
import io.camspool.Undelivered;
import io.camspool.internal.archive.Archive;
import io.camspool.internal.disk.FaultyDisk;
import io.camspool.internal.disk.FaultyDisk.Call;
import io.camspool.internal.ledger.Commits;
import io.camspool.internal.ledger.Ledgers;
import io.camspool.internal.ledger.RemovalOrder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RemoverTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir Path folder;

    @Test
    void removalsThatWithstandKeepNoLaterOnesFromTheirTurn() throws InterruptedException {
        var paths = new ArrayList<Path>();
        var ids = new ArrayList<ItemId>();
        try (var spool = Camspool.open(CamspoolConfig.in(folder).withDurability(Durability.OS))) {
            for (var i = 0; i < 3; i++) {
                var receipt = spool.save(Capture.of("gate", Encoded.of(Pictures.jpeg(64, 48, i))));
                receipt.await(SOON);
                ids.add(receipt.id());
                paths.add(receipt.path().orElseThrow());
            }
        }
        var disk = new FaultyDisk();
        disk.breakWith(
                (call, path) -> {
                    if (call == Call.DELETE && path.equals(paths.getFirst())) {
                        throw new IOException("Operation not permitted");
                    }
                });
        var ledger = Ledgers.open(folder);
        try {
            Commits.await(
                    ledger.markRemovals(
                            new RemovalOrder(
                                    ids, Undelivered.DROP, false, "test", 0, Optional.empty())));
            var archive = new Archive(disk, folder.resolve("captures"), Durability.OS);
            var remover = new Remover(ledger, archive, 1);

            for (var i = 0; i < 3; i++) {
                assertThatThrownBy(remover::finishDecided)
                        .isInstanceOf(CamspoolException.class)
                        .hasMessageContaining("Operation not permitted");
            }
            assertThat(paths.getFirst()).exists();
            assertThat(List.of(paths.get(1), paths.get(2)))
                    .noneMatch(path -> path.toFile().exists());

            disk.mend();
            assertThatThrownBy(remover::finishDecided) // the end of those that were tried before
                    .isInstanceOf(CamspoolException.class);
            remover.finishDecided();
            assertThat(paths.getFirst()).doesNotExist();
            assertThat(ledger.reads().removing(0, 10)).isEmpty();
        } finally {
            ledger.stop(SOON);
            ledger.close();
        }
    }
}
