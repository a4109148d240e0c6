package io.camspool.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camspool.Alert;
import io.camspool.Camspool;
import io.camspool.CamspoolConfig;
import io.camspool.CamspoolException;
import io.camspool.CamspoolException.Reason;
import io.camspool.Capture;
import io.camspool.ChildProcess;
import io.camspool.Encoded;
import io.camspool.ItemId;
import io.camspool.Pictures;
import io.camspool.Query;
import io.camspool.Receipt;
import io.camspool.Removal;
import io.camspool.SpoolReader;
import io.camspool.Status.Health;
import io.camspool.Stored;
import io.camspool.Undelivered;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Fills the disk that it is given, and throws where the spool on it is not as it should be.
final class FullDiskProcess {
    /// Says of each drop what is meant here; kept so that its level stays.
    private static final Logger LOG = Logger.getLogger("io.camspool");

    private static final Duration LIMIT = Duration.ofSeconds(30);

    /// What makes room again when it is deleted: more than images need to be taken again.
    private static final int BALLAST_BYTES = 28_000_000;

    private static final int ALERTS_AFTERWARDS = 1_000;
    private static final byte[] IMAGE = Pictures.jpeg(400, 300, 1);

    private final Path data;
    private final Path ballast;
    private final Path others;
    private final Path reserve;
    private final Map<ItemId, String> captures = new ConcurrentHashMap<>();
    private final Map<ItemId, String> alerts = new ConcurrentHashMap<>();
    private final AtomicInteger number = new AtomicInteger();

    private FullDiskProcess(Path disk) {
        this.data = disk.resolve("data");
        this.ballast = disk.resolve("ballast");
        this.others = disk.resolve("others");
        this.reserve = data.resolve("reserve");
    }

    /// Runs.
    ///
    /// @param arguments the root of the disk, and what is done when others have filled it
    public static void main(String[] arguments) throws Exception {
        LOG.setLevel(Level.SEVERE);
        var process = new FullDiskProcess(Path.of(arguments[0]));
        switch (arguments.length == 1 ? "" : arguments[1]) {
            case "" -> process.run();
            case "others" -> process.openWhereOthersHaveFilled();
            case "room" -> process.makeRoom();
            default -> process.failToOpen();
        }
    }

    private Camspool open() {
        return Camspool.open(CamspoolConfig.in(data));
    }

    private void run() throws Exception {
        Files.write(ballast, new byte[BALLAST_BYTES]);
        try (var spool = open()) {
            until(() -> Files.exists(reserve));
            fill(spool);
            assertFull(spool);
        }
        fillByOthers(others);
        assertReadable();
        inANewProcess("room");
        fillByOthers(others.resolveSibling("others too"));
        inANewProcess("room");
        Files.delete(others);
        Files.delete(others.resolveSibling("others too"));
        try (var spool = open()) {
            captures.keySet().removeIf(id -> spool.find(id).isEmpty());
            assertFull(spool);
            Files.delete(ballast);
            until(() -> spool.status().health() == Health.GREEN);
            saveCapture(spool);
            saveAlert(spool);
            assertThat(reserve).hasSize(8_000_000);
            assertAllThere(spool);
        }
        try (var spool = open()) {
            assertAllThere(spool);
        }
        fillByOthers(ballast);
        inANewProcess("others");
        fillByOthers(others);
        Files.deleteIfExists(reserve);
        fillByOthers(ballast);
        inANewProcess("nothing");
    }

    /// A process of its own unpacks libraries too.
    private void inANewProcess(String what) throws IOException, InterruptedException {
        var next =
                ChildProcess.of(
                        FullDiskProcess.class,
                        List.of("-Djava.io.tmpdir=" + ballast.getParent()),
                        String.valueOf(ballast.getParent()),
                        what);
        assertThat(next.inheritIO().start().waitFor()).as(what).isZero();
    }

    private void fillByOthers(Path file) throws IOException {
        try (var out = Files.newOutputStream(file)) {
            while (true) {
                out.write(new byte[4096]);
            }
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("No space left");
        }
        assertThat(Files.getFileStore(data).getUsableSpace()).isZero();
    }

    private void assertReadable() {
        try (var spool = SpoolReader.open(data)) {
            assertThat(spool.verify(_ -> {}).problems()).isEmpty();
        }
    }

    /// What a full disk is left for.
    private void makeRoom() {
        assertReadable();
        try (var spool = open()) {
            assertCaptureRefused(spool);
            var held = spool.captures(Query.ALL).items().getFirst().id();
            assertThat(spool.remove(held, Undelivered.DROP)).isEqualTo(Removal.DROPPED);
        }
    }

    /// There is no reserve, as after a kill on a full disk.
    private void failToOpen() {
        assertReadable();
        assertThatThrownBy(this::open)
                .isInstanceOfSatisfying(
                        CamspoolException.class,
                        e -> assertThat(e.reason()).isEqualTo(Reason.STORAGE))
                .hasMessageContaining("the disk of " + data + " is full: 0 bytes free; free some");
    }

    private void openWhereOthersHaveFilled() throws IOException {
        try (var spool = open()) {
            assertCaptureRefused(spool);
            saveAlert(spool);
            var held = spool.captures(Query.ALL).items().getFirst().id();
            assertThat(spool.remove(held, Undelivered.DROP)).isEqualTo(Removal.DROPPED);
            assertThat(spool.verify(_ -> {}).problems()).isEmpty();
            Files.delete(ballast);
            until(() -> spool.status().health() == Health.GREEN);
        }
    }

    /// Captures until one is refused, with alerts beside them, then alerts until one is refused.
    private void fill(Camspool spool) throws InterruptedException {
        var refused = new AtomicReference<@Nullable CamspoolException>();
        var threads = new ArrayList<Thread>();
        for (var i = 0; i < 3; i++) {
            threads.add(Thread.ofPlatform().start(() -> saveCaptures(spool, refused)));
        }
        while (refused.get() == null) {
            saveAlert(spool);
        }
        for (var thread : threads) {
            thread.join();
        }
        assertThat(refused.get()).hasMessageContaining("disk");
        until(() -> spool.status().health() == Health.RED);
        assertThat(spool.status().reasons().toString()).contains("is full");
        assertCaptureRefused(spool);

        var before = alerts.size();
        var failure = saveUntilRefused(() -> spool.save(alert()), alerts);
        System.out.printf(
                "%d captures, %d alerts, then %d alerts more; then: %s%n",
                captures.size(), before, alerts.size() - before, failure.getMessage());
        assertThat(alerts.size() - before).isGreaterThan(ALERTS_AFTERWARDS);
        assertThat(failure.reason()).isEqualTo(Reason.STORAGE);
        assertThat(failure).hasMessageContaining("full");
    }

    private void saveCaptures(
            Camspool spool, AtomicReference<@Nullable CamspoolException> refused) {
        refused.compareAndSet(null, saveUntilRefused(() -> spool.save(capture()), captures));
    }

    /// Saves twenty at a time until one is refused; answers why. The others may have been stored.
    private static CamspoolException saveUntilRefused(
            Supplier<Receipt> save, Map<ItemId, String> stored) {
        @Nullable CamspoolException refusal = null;
        while (refusal == null) {
            var waiting = new ArrayList<Receipt>();
            try {
                for (var i = 0; i < 20; i++) {
                    waiting.add(save.get());
                }
            } catch (CamspoolException e) {
                refusal = e;
            }
            for (var receipt : waiting) {
                try {
                    keep(stored, receipt.await(LIMIT));
                } catch (CamspoolException e) {
                    refusal = e;
                }
            }
        }
        return refusal;
    }

    private static void assertCaptureRefused(Camspool spool) {
        assertThatThrownBy(() -> spool.save(Capture.of("gate", Encoded.of(IMAGE))).await(LIMIT))
                .isInstanceOfSatisfying(
                        CamspoolException.class,
                        e -> assertThat(e.reason()).isEqualTo(Reason.STORAGE))
                .hasMessageContaining("full");
    }

    /// Nothing is torn, health says so, and items can be removed.
    private void assertFull(Camspool spool) throws IOException {
        until(() -> spool.status().health() == Health.RED);
        assertCaptureRefused(spool);
        for (var id : captures.keySet().stream().limit(5).toList()) {
            assertThat(spool.remove(id, Undelivered.DROP)).isEqualTo(Removal.DROPPED);
            captures.remove(id);
        }
        assertAllThere(spool);
    }

    private void assertAllThere(Camspool spool) throws IOException {
        var verification = spool.verify(_ -> {});
        assertThat(verification.problems()).isEmpty();
        for (var kind : List.of(captures, alerts)) {
            kind.forEach(
                    (id, sha256) ->
                            assertThat(spool.find(id).orElseThrow().sha256()).isEqualTo(sha256));
        }
        assertThat(verification.checked()).isEqualTo(captures.size() + alerts.size());
        assertThat(spool.status().captures().holds()).isTrue();
        assertThat(spool.status().alerts().holds()).isTrue();
        try (var aside = Files.list(data.resolve("captures/.incoming"))) {
            assertThat(aside).isEmpty();
        }
    }

    private void saveCapture(Camspool spool) {
        keep(captures, spool.save(capture()).await(LIMIT));
    }

    private void saveAlert(Camspool spool) {
        keep(alerts, spool.save(alert()).await(LIMIT));
    }

    private Capture capture() {
        return Capture.of("gate", Encoded.of(IMAGE));
    }

    private Alert alert() {
        return Alert.of("{\"n\":%d}".formatted(number.incrementAndGet()));
    }

    private static void keep(Map<ItemId, String> kind, Stored stored) {
        kind.put(stored.id(), stored.sha256());
    }

    private static void until(BooleanSupplier condition) {
        var end = System.nanoTime() + LIMIT.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited too long").isLessThan(end);
            Thread.onSpinWait();
        }
    }
}
