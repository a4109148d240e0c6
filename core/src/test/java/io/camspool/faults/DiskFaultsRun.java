package io.camspool.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.camspool.Alert;
import io.camspool.Camspool;
import io.camspool.CamspoolConfig;
import io.camspool.CamspoolException;
import io.camspool.CamspoolException.Reason;
import io.camspool.Capture;
import io.camspool.Encoded;
import io.camspool.Frame;
import io.camspool.ItemId;
import io.camspool.Opaque;
import io.camspool.Pictures;
import io.camspool.PixelFormat;
import io.camspool.Query;
import io.camspool.Receipt;
import io.camspool.Status.Health;
import io.camspool.Undelivered;
import io.camspool.internal.disk.Disk;
import io.camspool.internal.disk.FaultyDisk;
import io.camspool.internal.engine.Engine;
import io.camspool.internal.engine.Worlds;
import io.camspool.internal.sink.FolderSink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/// Opens a spool on a disk that fails, saves, removes, delivers and closes; then mends the disk and
/// looks at what is there. Throws where anything is not as it should be.
final class DiskFaultsRun {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final Path data;
    private final Path target;
    private final Path clip;
    private final FaultyDisk disk = new FaultyDisk();
    private final FaultyDisk.Fault fault;
    private final boolean lasts;
    private final Map<ItemId, String> stored = new HashMap<>();
    private final Set<ItemId> refused = new HashSet<>();
    private final Set<ItemId> removed = new HashSet<>();

    /// @param lasts whether the disk fails until it is mended
    DiskFaultsRun(Path folder, FaultyDisk.Fault fault, boolean lasts) {
        this.data = folder.resolve("data");
        this.target = folder.resolve("target");
        this.clip = folder.resolve("clip.mp4");
        this.fault = fault;
        this.lasts = lasts;
    }

    void run() throws Exception {
        Files.createDirectories(target);
        Files.writeString(clip, "a clip");
        disk.breakWith(fault);
        var opened = open(disk);
        if (opened.isEmpty()) {
            disk.mend();
            opened = open(disk);
        }
        try (var spool = opened.orElseThrow()) {
            work(spool);
            disk.mend();
            recover(spool);
            disk.breakWith(fault);
        }
        disk.mend();
        try (var spool = open(Disk.real()).orElseThrow()) {
            assertAllThere(spool);
            assertThat(spool.awaitDelivered(LIMIT)).isTrue();
            assertArrivedOnce(spool);
        }
    }

    /// Empty where the disk did not let it, which must be said.
    private Optional<Camspool> open(Disk used) {
        var config = CamspoolConfig.in(data).withSink("folder", new FolderSink(used, target));
        try {
            return Optional.of(Engine.open(config, Worlds.with(used)));
        } catch (CamspoolException e) {
            assertThat(e.reason()).isEqualTo(Reason.STORAGE);
            assertThat(e).hasMessageMatching("cannot .*(error|device|system); [a-z].*");
            return Optional.empty();
        }
    }

    private void work(Camspool spool) {
        var kept = save(() -> List.of(spool.save(capture(1))));
        save(() -> List.of(spool.save(frame())));
        var alert = save(() -> List.of(spool.save(Alert.of("{\"n\":1}"))));
        save(() -> List.of(spool.save(Capture.of("gate", Opaque.of(clip, "video/mp4")))));
        group(spool);
        kept.ifPresent(receipt -> remove(spool, receipt.id()));
        alert.ifPresent(receipt -> remove(spool, receipt.id()));
        if (!lasts) {
            assertThat(spool.awaitDelivered(LIMIT)).isTrue();
        } else if (!refused.isEmpty()) {
            assertThat(spool.status().health()).isNotEqualTo(Health.GREEN);
            assertThat(spool.status().reasons()).isNotEmpty();
        }
    }

    /// The first receipt, if there is one.
    private Optional<Receipt> save(Supplier<List<Receipt>> saving) {
        List<Receipt> receipts;
        try {
            receipts = saving.get();
        } catch (CamspoolException e) {
            assertThat(e.reason()).isEqualTo(Reason.STORAGE);
            return Optional.empty();
        }
        for (var receipt : receipts) {
            try {
                stored.put(receipt.id(), receipt.await(LIMIT).sha256());
            } catch (CamspoolException e) {
                assertThat(e.reason()).isEqualTo(Reason.STORAGE);
                refused.add(receipt.id());
            }
        }
        return Optional.of(receipts.getFirst());
    }

    private void group(Camspool spool) {
        save(
                () ->
                        spool.save(
                                Alert.of("{\"group\":true}").withId("group"),
                                List.of(capture(2), capture(3))));
    }

    private void remove(Camspool spool, ItemId id) {
        if (stored.containsKey(id)) {
            try {
                spool.remove(id, Undelivered.DROP);
                removed.add(id);
            } catch (CamspoolException e) {
                assertThat(e.reason()).isEqualTo(Reason.STORAGE);
                removed.add(id); // it is decided, or it is not
            }
        }
    }

    /// Without a restart.
    private void recover(Camspool spool) {
        until(() -> spool.status().health() == Health.GREEN, spool);
        var before = new HashSet<>(refused);
        save(() -> List.of(spool.save(capture(4))));
        save(() -> List.of(spool.save(Alert.of("{\"n\":2}"))));
        assertThat(refused).isEqualTo(before);
        group(spool); // stored before, or now
        refused.removeAll(stored.keySet());
        assertThat(spool.awaitDelivered(LIMIT)).isTrue();
    }

    private void assertAllThere(Camspool spool) throws IOException {
        assertThat(spool.status().health()).isEqualTo(Health.GREEN);
        assertThat(spool.verify(_ -> {}).problems()).isEmpty();
        assertThat(spool.status().captures().holds()).isTrue();
        assertThat(spool.status().alerts().holds()).isTrue();
        for (var item : stored.entrySet()) {
            var found = spool.find(item.getKey());
            if (!removed.contains(item.getKey())) {
                assertThat(found).isPresent();
            }
            found.ifPresent(held -> assertThat(held.sha256()).isEqualTo(item.getValue()));
        }
        refused.forEach(id -> assertThat(spool.find(id)).isEmpty());
        try (var aside = Files.list(data.resolve("captures/.incoming"))) {
            assertThat(aside).isEmpty();
        }
    }

    /// Every item that was not removed before, in one file each, with its own bytes.
    private void assertArrivedOnce(Camspool spool) throws Exception {
        var hashes = new ArrayList<String>();
        try (var tree = Files.walk(target)) {
            for (var file :
                    tree.filter(Files::isRegularFile)
                            .filter(file -> !file.toString().contains(".camspool-incoming"))
                            .toList()) {
                if (!file.toString().endsWith(".json")) {
                    hashes.add(sha256(file));
                }
            }
        }
        assertThat(hashes).doesNotHaveDuplicates();
        for (var capture : spool.captures(Query.ALL).items()) {
            assertThat(hashes).contains(capture.sha256());
        }
    }

    private static String sha256(Path file) throws Exception {
        var digest = MessageDigest.getInstance("SHA-256");
        return HexFormat.of().formatHex(digest.digest(Files.readAllBytes(file)));
    }

    private static Capture capture(int seed) {
        return Capture.of("gate", Encoded.of(Pictures.jpeg(80, 60, seed)));
    }

    private static Capture frame() {
        return Capture.of("gate", Frame.of(Pictures.bgr(64, 48, 9), 64, 48, PixelFormat.BGR));
    }

    private static void until(BooleanSupplier condition, Camspool spool) {
        var end = System.nanoTime() + LIMIT.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(spool.status().toString()).isLessThan(end);
            try {
                Thread.sleep(10);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
