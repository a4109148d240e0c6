package io.camspool.agent.api;

import io.camspool.CamspoolException;
import io.camspool.CamspoolException.Reason;
import io.camspool.Encoded;
import io.camspool.ImageFormat;
import io.camspool.SpoolReader;
import io.camspool.StoredCapture;
import io.camspool.StoredCapture.Sides;
import io.camspool.image.ImageCodec;
import io.camspool.image.ImageCodecs;
import io.camspool.image.Orientation;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/// Small JPEGs of captures, made on demand and kept in memory, the least lately used of them going
/// first. One is made at a time, so that many viewers take neither the detector's cores nor its
/// memory. Thread-safe.
final class Thumbnails {
    private static final long MAX_BYTES = 8 << 20;
    private static final int QUALITY = 75;
    private static final int MAX_SOURCE_BYTES = 32 << 20;
    private static final int MAX_SIDE = 8_192;

    private final SpoolReader spool;
    private final ImageCodec codec = ImageCodecs.builtIn();
    private final Semaphore turn = new Semaphore(1);
    private final LinkedHashMap<Key, byte[]> kept = new LinkedHashMap<>(64, 0.75f, true);
    private long keptBytes;

    private record Key(String sha256, int width) {}

    Thumbnails(SpoolReader spool) {
        this.spool = spool;
    }

    /// Empty: it is no image that can be made small.
    ///
    /// @param width in pixels; a smaller image stays as wide as it is
    Optional<byte[]> of(StoredCapture capture, int width) throws InterruptedException {
        var sides = capture.sides();
        if (sides.isEmpty()
                || capture.bytes() > MAX_SOURCE_BYTES
                || Math.max(sides.get().width(), sides.get().height()) > MAX_SIDE) {
            return Optional.empty();
        }
        var key = new Key(capture.sha256(), width);
        var known = find(key);
        if (known != null) {
            return Optional.of(known);
        }
        turn.acquire();
        try {
            var since = find(key);
            return Optional.of(
                    since == null ? keep(key, make(capture, sides.get(), width)) : since);
        } catch (IllegalArgumentException _) {
            return Optional.empty(); // the decoder's complaint
        } finally {
            turn.release();
        }
    }

    private byte[] make(StoredCapture capture, Sides sides, int wanted) {
        var width = Math.min(wanted, sides.width());
        var height = Math.max(1, (int) ((long) sides.height() * width / sides.width()));
        try (var encoder = codec.openEncoder()) {
            encoder.load(
                    Encoded.of(bytes(capture)),
                    sides.width(),
                    sides.height(),
                    Orientation.UPRIGHT,
                    width,
                    height);
            return encoder.encode(ImageFormat.JPEG, QUALITY).toArray(ValueLayout.JAVA_BYTE);
        }
    }

    private byte[] bytes(StoredCapture capture) {
        try (var in = spool.read(capture.id())) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new CamspoolException(
                    Reason.STORAGE, "cannot read " + capture.path() + ": " + e.getMessage(), e);
        }
    }

    private synchronized byte @Nullable [] find(Key key) {
        return kept.get(key);
    }

    private synchronized byte[] keep(Key key, byte[] jpeg) {
        kept.put(key, jpeg);
        keptBytes += jpeg.length;
        while (keptBytes > MAX_BYTES && kept.size() > 1) {
            keptBytes -= kept.pollFirstEntry().getValue().length;
        }
        return jpeg;
    }
}
