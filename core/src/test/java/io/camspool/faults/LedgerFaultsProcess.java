package io.camspool.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.camspool.Alert;
import io.camspool.Camspool;
import io.camspool.CamspoolConfig;
import io.camspool.CamspoolException;
import io.camspool.CamspoolException.Reason;
import io.camspool.Capture;
import io.camspool.Encoded;
import io.camspool.ItemId;
import io.camspool.Pictures;
import io.camspool.Receipt;
import io.camspool.Status.Health;
import io.camspool.Undelivered;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/// Runs one spool for each fault that it is told, as faults.c reads them; says where one is not as
/// it should be.
final class LedgerFaultsProcess {
    /// Each open says what it healed; kept so that its level stays.
    private static final Logger LOG = Logger.getLogger("io.camspool");

    private static final Duration LIMIT = Duration.ofSeconds(30);

    /// As many calls as a fault fails that lasts.
    static final int ALWAYS = 1_000_000;

    private static final int AT_ONCE = 8;

    /// How long a fault has to show itself where no save meets it: checkpoints come by themselves.
    private static final Duration PATIENCE = Duration.ofMillis(1_500);

    /// Who reads beside the spool, as the last word of a fault. Both hold a snapshot while a
    /// checkpoint is made, which cuts it short; then the fault begins.
    enum Reader {
        /// Has the ledger open no more when the fault begins.
        GONE,
        /// Has the ledger open, without a snapshot, until after the fault has ended.
        STAYING
    }

    private final Path folder;
    private final Path data;
    private final String fault;
    private final Map<ItemId, String> stored = new HashMap<>();
    private final Set<ItemId> refused = new HashSet<>();
    private final Set<ItemId> unknown = new HashSet<>();
    private final Set<ItemId> removed = new HashSet<>();
    private int number;

    private LedgerFaultsProcess(Path folder, String fault) {
        this.folder = folder;
        this.data = folder.resolve("data");
        this.fault = fault;
    }

    /// Runs.
    ///
    /// @param arguments a folder, then the faults
    public static void main(String[] arguments) throws Exception {
        LOG.setLevel(Level.OFF);
        var isWell = new AtomicBoolean(true);
        try (var pool = Executors.newFixedThreadPool(AT_ONCE)) {
            var runs = new ArrayList<Future<?>>();
            for (var i = 1; i < arguments.length; i++) {
                var one =
                        new LedgerFaultsProcess(Path.of(arguments[0], "fault-" + i), arguments[i]);
                runs.add(pool.submit(() -> one.check(isWell)));
            }
            for (var run : runs) {
                run.get();
            }
        }
        System.exit(isWell.get() ? 0 : 1);
    }

    private void check(AtomicBoolean isWell) {
        try {
            run();
        } catch (Throwable e) { // each fault is told about
            isWell.set(false);
            synchronized (System.out) {
                System.out.println("VIOLATION with " + fault + " in " + folder);
                e.printStackTrace(System.out);
            }
        }
    }

    private Camspool open(Path place) {
        return Camspool.open(CamspoolConfig.in(place));
    }

    private void run() throws IOException, SQLException {
        try (var spool = open(data)) {
            work(spool);
            assertThat(refused).isEmpty();
            if (fault.endsWith(Reader.GONE.name())) {
                var reader = cutACheckpointShort(spool);
                begin();
                reader.close();
                meet(spool);
            } else if (fault.endsWith(Reader.STAYING.name())) {
                try (var reader = cutACheckpointShort(spool)) {
                    begin();
                    execute(reader, "COMMIT");
                    meet(spool);
                    assertThat(health(spool)).isEqualTo(Health.RED);
                }
            } else {
                begin();
                meet(spool);
            }
            until(() -> health(spool) == Health.GREEN);
            repeat(spool);
            var before = refused.size() + unknown.size();
            work(spool);
            assertThat(refused.size() + unknown.size()).isEqualTo(before);
        }
        try (var spool = open(data)) {
            assertSound(spool);
        }
    }

    private void begin() throws IOException {
        Files.writeString(folder.resolve("fault"), fault + " " + folder);
    }

    private void meet(Camspool spool) throws IOException {
        work(spool);
        if (refused.isEmpty() && unknown.isEmpty()) {
            pause(PATIENCE);
            work(spool);
        }
        if (fault.contains(" " + ALWAYS + " ") && !(refused.isEmpty() && unknown.isEmpty())) {
            pause(PATIENCE); // what looks whether it is over must not be fooled
            assertThat(health(spool)).isEqualTo(Health.RED);
        }
        stored.keySet().stream().limit(2).forEach(id -> remove(spool, id));
        assertACrashWouldLoseNothing();
        Files.delete(folder.resolve("fault"));
    }

    /// A status that can't be read is as red as one that says so.
    private static Health health(Camspool spool) {
        try {
            return spool.status().health();
        } catch (CamspoolException e) {
            assertThat(e.reason()).isEqualTo(Reason.STORAGE);
            return Health.RED;
        }
    }

    /// Answers who did, with a snapshot that keeps the pages after it from being copied.
    private Connection cutACheckpointShort(Camspool spool) throws SQLException {
        try (var first = snapshot()) {
            work(spool);
            var second = snapshot();
            work(spool);
            execute(first, "COMMIT");
            until(this::isCopiedInPart);
            return second;
        }
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + data.resolve("ledger.db"));
    }

    private Connection snapshot() throws SQLException {
        var connection = connect();
        execute(connection, "BEGIN");
        execute(connection, "SELECT 1 FROM spool");
        return connection;
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private boolean isCopiedInPart() {
        try (var connection = connect();
                var statement = connection.createStatement();
                var rows = statement.executeQuery("PRAGMA wal_checkpoint(PASSIVE)")) {
            return rows.next() && rows.getInt(3) > 0 && rows.getInt(3) < rows.getInt(2);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private void work(Camspool spool) {
        for (var i = 0; i < 4; i++) {
            var n = number++;
            save(() -> spool.save(alert(n)));
        }
        var n = number++;
        save(() -> spool.save(capture(n)));
    }

    private static Alert alert(int n) {
        return Alert.of("{\"n\":%d,\"text\":\"%s\"}".formatted(n, "x".repeat(n * 997 % 9000)))
                .withId("alert-" + n);
    }

    private static Capture capture(int n) {
        return Capture.of("gate", Encoded.of(Pictures.jpeg(64, 48, n))).withId("capture-" + n);
    }

    private void save(Supplier<Receipt> saving) {
        Receipt receipt;
        try {
            receipt = saving.get();
        } catch (CamspoolException e) {
            // A repeat is looked up in the ledger before anything else.
            assertThat(e.reason()).isEqualTo(Reason.STORAGE);
            return;
        }
        try {
            stored.put(receipt.id(), receipt.await(LIMIT).sha256());
            unknown.remove(receipt.id());
            refused.remove(receipt.id());
        } catch (CamspoolException e) {
            assertThat(e.reason()).isIn(Reason.STORAGE, Reason.UNKNOWN_OUTCOME);
            (e.reason() == Reason.STORAGE ? refused : unknown).add(receipt.id());
        }
    }

    /// Whatever became of them, a repeat ends well.
    private void repeat(Camspool spool) {
        for (var n = 0; n < number; n++) {
            var again = n;
            if (n % 5 == 4) {
                save(() -> spool.save(capture(again)));
            } else if (n % 2 == 0) {
                save(() -> spool.save(alert(again)));
            }
        }
        assertThat(unknown).allMatch(id -> !stored.containsKey(id));
    }

    private void remove(Camspool spool, ItemId id) {
        removed.add(id); // from now on it may be gone
        try {
            spool.remove(id, Undelivered.DROP);
        } catch (CamspoolException e) {
            assertThat(e.reason()).isIn(Reason.STORAGE, Reason.UNKNOWN_OUTCOME);
        }
    }

    /// What another process would find if this one died now, with no fault beside it.
    private void assertACrashWouldLoseNothing() throws IOException {
        var copy = Files.createDirectory(folder.resolve("crashed")).resolve("data");
        try (var tree = Files.walk(data)) {
            for (var path : tree.toList()) {
                var name = data.relativize(path).toString();
                if (!name.endsWith("-shm")
                        && !name.startsWith("native")
                        && !name.equals("reserve")) {
                    Files.copy(path, copy.resolve(name));
                }
            }
        }
        try (var spool = open(copy)) {
            assertSound(spool);
        }
    }

    private void assertSound(Camspool spool) {
        assertThat(spool.verify(_ -> {}).problems()).isEmpty();
        assertThat(spool.status().captures().holds()).isTrue();
        assertThat(spool.status().alerts().holds()).isTrue();
        for (var item : stored.entrySet()) {
            var found = spool.find(item.getKey());
            assertThat(found.isPresent() || removed.contains(item.getKey()))
                    .as("stored: " + item.getKey())
                    .isTrue();
            found.ifPresent(held -> assertThat(held.sha256()).isEqualTo(item.getValue()));
        }
        for (var id : refused) {
            assertThat(spool.find(id)).as("told that nothing was stored: " + id).isEmpty();
        }
        var items =
                spool.status().captures().held().items() + spool.status().alerts().held().items();
        assertThat(items).isLessThanOrEqualTo(stored.size() + unknown.size());
    }

    private static void pause(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void until(BooleanSupplier condition) {
        var end = System.nanoTime() + LIMIT.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(end);
            pause(Duration.ofMillis(10));
        }
    }
}
