package io.camspool.internal.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camspool.Alert;
import io.camspool.Camspool;
import io.camspool.CamspoolConfig;
import io.camspool.CamspoolException;
import io.camspool.Query;
import io.camspool.SpoolReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Reading where SQLite can't make a log, as on a read-only mount: a link to nowhere in its place
/// has it fail in the same way, and so has a folder where there is one that can't be read.
final class FrozenLedgerTest {
    @TempDir Path folder;

    private Path data;

    @BeforeEach
    void saveOne() throws IOException {
        data = folder.resolve("50% #1 门");
        try (var spool = Camspool.open(CamspoolConfig.in(data))) {
            spool.save(Alert.of("{}")).await(Duration.ofSeconds(20));
        }
    }

    private Path log() {
        return data.resolve(Ledger.FILE + "-wal");
    }

    @Test
    void aLedgerThatWasClosedIsRead() throws IOException {
        Files.createSymbolicLink(log(), folder.resolve("nowhere/log"));

        try (var spool = SpoolReader.open(data)) {
            assertThat(spool.alerts(Query.ALL).items()).hasSize(1);
            assertThat(spool.verify(_ -> {}).sound()).isTrue();
        }
    }

    @Test
    void aLogThatCannotBeReadIsNeverPassedOver() throws IOException {
        Files.createDirectories(log().resolve("something"));

        assertThatThrownBy(() -> SpoolReader.open(data))
                .isInstanceOf(CamspoolException.class)
                .hasMessageContaining("open it writable once");
    }
}
