package io.camspool.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.camspool.Camspool;
import io.camspool.Capture;
import io.camspool.Encoded;
import io.camspool.ItemId;
import io.camspool.ItemKind;
import io.camspool.Page;
import io.camspool.Pictures;
import io.camspool.Query;
import io.camspool.StoredItem;
import io.camspool.Undelivered;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// Opens a crash state of [RecordedProcess] and holds it against what was reported: everything
/// stored is there (I1), what left had arrived (I2), the balance holds (I3), and what is confirmed
/// has arrived, once (I4). Then one more save works.
final class SpoolCheck implements CrashStates.Check {
    /// Opening with the sink sends, and is opening a second time: for one state in so many.
    private static final int WITH_SINK = 3;

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final byte[] IMAGE = Pictures.jpeg(64, 48, 1);

    @Override
    public void check(Path folder, CrashState state, int number) throws Exception {
        var reports = Reports.of(state.lines(RecordedProcess.RECEIPTS));
        var arrived = arrivedIn(folder.resolve(RecordedProcess.SINK));
        try (var spool = Camspool.open(RecordedProcess.config(folder))) {
            checkReported(folder, spool, reports, arrived);
            for (var item : held(spool)) {
                if (item.confirmations() > 0) {
                    checkArrived(spool, item, arrived);
                }
            }
            checkSound(spool);
            spool.save(Capture.of("later", Encoded.of(IMAGE))).await(LIMIT);
        }
        if (number % WITH_SINK == 0) {
            checkDelivers(folder, reports);
        }
    }

    private static void checkReported(
            Path folder, Camspool spool, Reports reports, Map<String, List<Path>> arrived)
            throws IOException {
        for (var item : reports.stored().values()) {
            var found = spool.find(new ItemId(item.id()));
            var policy = reports.removeAsked().get(item.id());
            if (reports.removed().contains(item.id())) {
                assertThat(found).as("removed " + item.id()).isEmpty();
            }
            if (policy == null) {
                assertThat(found).as("stored " + item.id()).isPresent();
            } else if (policy == Undelivered.KEEP && found.isEmpty()) {
                assertThat(arrived).as("removed after delivery").containsKey(item.id());
            }
            if (found.isPresent()) {
                assertThat(found.get().sha256()).isEqualTo(item.sha256());
                assertThat(sha256(bytesOf(spool, found.get())))
                        .as("bytes of " + item.id())
                        .isEqualTo(item.sha256());
                if (item.kind() == ItemKind.CAPTURE) {
                    assertThat(folder.resolve(item.path())).exists();
                }
            }
        }
    }

    private static void checkSound(Camspool spool) {
        assertThat(spool.verify(_ -> {}).problems()).isEmpty();
        assertThat(spool.status().captures().holds()).isTrue();
        assertThat(spool.status().alerts().holds()).isTrue();
    }

    private static void checkDelivers(Path folder, Reports reports) throws IOException {
        try (var spool = Camspool.open(RecordedProcess.configWithSink(folder))) {
            assertThat(spool.awaitDelivered(LIMIT)).as("delivered: " + spool.status()).isTrue();
            var arrived = arrivedIn(folder.resolve(RecordedProcess.SINK));
            var held = held(spool);
            for (var item : held) {
                checkArrived(spool, item, arrived);
            }
            arrived.keySet().removeAll(held.stream().map(item -> item.id().value()).toList());
            assertThat(reports.removeAsked().keySet())
                    .as("arrived and no longer held")
                    .containsAll(arrived.keySet());
            checkSound(spool);
        }
    }

    private static void checkArrived(
            Camspool spool, StoredItem item, Map<String, List<Path>> arrived) throws IOException {
        var files = arrived.getOrDefault(item.id().value(), List.of());
        assertThat(files).as("arrived " + item).hasSize(1);
        var bytes = bytesOf(spool, item);
        if (item.kind() == ItemKind.CAPTURE) {
            assertThat(files.getFirst()).hasBinaryContent(bytes);
        } else {
            assertThat(files.getFirst())
                    .content(StandardCharsets.UTF_8)
                    .contains(item.id().value())
                    .endsWith(",\"data\":" + new String(bytes, StandardCharsets.UTF_8) + "}");
        }
    }

    private static List<StoredItem> held(Camspool spool) {
        var items = new ArrayList<StoredItem>();
        addAll(items, spool::captures);
        addAll(items, spool::alerts);
        return items;
    }

    private static <T extends StoredItem> void addAll(
            List<StoredItem> items, Function<Query, Page<T>> pages) {
        var query = Query.ALL.includingEvents().limitedTo(Query.MAX_LIMIT);
        var page = pages.apply(query);
        items.addAll(page.items());
        while (page.next().isPresent()) {
            page = pages.apply(query.after(page.next().get()));
            items.addAll(page.items());
        }
    }

    private static byte[] bytesOf(Camspool spool, StoredItem item) throws IOException {
        try (var in = spool.read(item.id())) {
            return in.readAllBytes();
        }
    }

    /// The files in the sink's folder by item id; what it has aside has not arrived.
    private static Map<String, List<Path>> arrivedIn(Path sink) throws IOException {
        var arrived = new HashMap<String, List<Path>>();
        try (var tree = Files.walk(sink)) {
            for (var file : tree.filter(Files::isRegularFile).toList()) {
                if (!sink.relativize(file).toString().startsWith(".camspool-")) {
                    arrived.computeIfAbsent(idOf(file), _ -> new ArrayList<>()).add(file);
                }
            }
        }
        return arrived;
    }

    private static String idOf(Path file) {
        var name = file.getFileName().toString();
        return name.substring(name.lastIndexOf('_') + 1, name.lastIndexOf('.'));
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
