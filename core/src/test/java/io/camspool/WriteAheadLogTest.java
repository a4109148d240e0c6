package io.camspool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WriteAheadLogTest {
    private static final long MEGABYTE = 1_000_000;
    private static final String ALERT = "{\"text\":\"" + "x".repeat(20_000) + "\"}";

    @TempDir Path folder;

    @Test
    void itStaysBoundedWhileAlertsComeAsFastAsTheyCan() throws IOException, InterruptedException {
        var longest = 0L;
        var written = 0L;
        try (var spool = Camspool.open(CamspoolConfig.in(folder))) {
            var stopping = new AtomicBoolean();
            var producers = new ArrayList<Thread>();
            for (var i = 0; i < 4; i++) {
                producers.add(Thread.ofPlatform().start(() -> save(spool, stopping)));
            }
            while (written < 200 * MEGABYTE) {
                assertThat(producers).allMatch(Thread::isAlive);
                longest = Math.max(longest, Files.size(folder.resolve("ledger.db-wal")));
                written = spool.status().alerts().accepted().bytes();
                Thread.sleep(5);
            }
            stopping.set(true);
            for (var producer : producers) {
                producer.join();
            }
        }
        assertThat(longest).isBetween(1L, 64 * MEGABYTE);
    }

    private static void save(Camspool spool, AtomicBoolean stopping) {
        while (!stopping.get()) {
            var receipts = new ArrayList<Receipt>();
            for (var i = 0; i < 16; i++) {
                receipts.add(spool.save(Alert.of(ALERT)));
            }
            receipts.forEach(receipt -> receipt.await(Duration.ofSeconds(30)));
        }
    }
}
