package io.camspool.internal.sync;

import io.camspool.Durability;
import io.camspool.ItemId;
import io.camspool.ItemKind;
import io.camspool.SinkStatus;
import io.camspool.internal.archive.Archive;
import io.camspool.internal.disk.Disk;
import io.camspool.internal.ledger.Ledger;
import io.camspool.internal.ledger.Ledgers;
import io.camspool.internal.ledger.NewItem;
import io.camspool.internal.report.Report;
import io.camspool.sink.NamedSink;
import io.camspool.sink.ScriptedSink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/// A pump, step by step, on a real ledger and archive: with a clock that stands still, and sends
/// that run in the step that starts them, or when the test says so.
final class PumpRun {
    private final Path data;
    private final ScriptedSink sink;
    private final Pump.Options options;
    private final Archive archive;
    private Report report = new Report(() -> 0);
    private final ArrayDeque<Runnable> heldSends = new ArrayDeque<>();
    private final SplittableRandom random = new SplittableRandom(7);
    private boolean holdsSends;
    private Ledger ledger;
    private Pump pump;
    Instant now = Instant.parse("2026-11-23T12:00:00Z");

    PumpRun(Path data, ScriptedSink sink) throws IOException {
        this(data, sink, Pump.Options.DEFAULT);
    }

    PumpRun(Path data, ScriptedSink sink, Pump.Options options) throws IOException {
        this.data = data;
        this.sink = sink;
        this.options = options;
        this.archive = new Archive(Disk.real(), data.resolve("captures"), Durability.OS);
        archive.prepare();
        this.ledger = openLedger();
        this.pump = openPump();
    }

    private Ledger openLedger() {
        return Ledgers.open(data, List.of(new NamedSink("cloud", true, sink)));
    }

    private Pump openPump() {
        return new Pump(
                ledger.sinks().getFirst(),
                sink,
                ledger,
                archive,
                new Pump.World(
                        () -> now,
                        () -> TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano(),
                        random,
                        this::send,
                        _ -> {},
                        report.sink("cloud")),
                options);
    }

    private void send(Runnable send) {
        if (holdsSends) {
            heldSends.add(send);
        } else {
            send.run();
        }
    }

    /// Sends wait for [#finishSend] from now on.
    void holdSends() {
        holdsSends = true;
    }

    int sendsUnderWay() {
        return heldSends.size();
    }

    /// Has the oldest send that is held run.
    void finishSend() {
        heldSends.remove().run();
    }

    /// As a process that ends and begins.
    void reopen() throws InterruptedException {
        close();
        ledger = openLedger();
        report = new Report(() -> 0);
        pump = openPump();
    }

    Report report() {
        return report;
    }

    Pump pump() {
        return pump;
    }

    Ledger ledger() {
        return ledger;
    }

    SinkStatus status() {
        return ledger.reads().sinks().getFirst();
    }

    /// One step; afterwards it is as late as the pump wants to wait.
    Duration step() {
        var wait = pump.runOnce();
        now = now.plus(wait);
        return wait;
    }

    /// An alert of at least so many bytes.
    void alert(String id, int priority, int bytes) {
        var head = "{\"id\":\"" + id + "\",\"x\":\"";
        var json = head + "x".repeat(Math.max(0, bytes - head.length() - 2)) + "\"}";
        append(id, ItemKind.ALERT, priority, json.getBytes(StandardCharsets.UTF_8));
    }

    void alert(String id) {
        alert(id, 5, 0);
    }

    void capture(String id, int bytes) throws IOException {
        var content = new byte[bytes];
        var itemId = new ItemId(id);
        archive.write(itemId, ByteBuffer.wrap(content));
        archive.forceIncoming();
        append(id, ItemKind.CAPTURE, 5, content);
        archive.place(itemId, path(id));
    }

    private static String path(String id) {
        return "20261123/" + id;
    }

    private void append(String id, ItemKind kind, int priority, byte[] content) {
        ledger.append(List.of(item(new ItemId(id), kind, priority, path(id), content, now))).join();
    }

    /// An item of the only camera, as it is appended to a ledger.
    static NewItem item(
            ItemId id, ItemKind kind, int priority, String path, byte[] content, Instant at) {
        var isAlert = kind == ItemKind.ALERT;
        var hash = sha256(content);
        return new NewItem(
                id,
                kind,
                Optional.of("gate-1"),
                Optional.empty(),
                at,
                at,
                Map.of(),
                priority,
                isAlert ? "application/json" : "image/jpeg",
                content.length,
                64,
                48,
                Optional.empty(),
                hash,
                hash,
                path,
                isAlert ? content : null,
                false,
                false);
    }

    private static byte[] sha256(byte[] content) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(content);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    static List<String> ids(List<ScriptedSink.Sent> sent) {
        return sent.stream().map(one -> one.id().value()).toList();
    }

    /// Changes the ledger behind its back.
    void sql(String statement) throws SQLException {
        try (var connection =
                        DriverManager.getConnection("jdbc:sqlite:" + data.resolve("ledger.db"));
                var change = connection.createStatement()) {
            change.executeUpdate(statement);
        }
    }

    void close() throws InterruptedException {
        ledger.stop(Duration.ofSeconds(5));
        ledger.close();
    }
}
