package io.camspool.codec.opencv;

import io.camspool.Camspool;
import io.camspool.CamspoolConfig;
import io.camspool.CamspoolException;
import io.camspool.CamspoolException.Reason;
import io.camspool.Capture;
import io.camspool.Frame;
import io.camspool.PixelFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;

/// Saves raw 1080p frames from four threads as fast as it can for some seconds. Prints `rss <kB>`
/// every second, and in the end `accepted N refused N waited N stored N`.
final class FloodingProcess {
    private static final int PRODUCERS = 4;
    private static final int WIDTH = 1920;
    private static final int HEIGHT = 1080;

    private FloodingProcess() {}

    public static void main(String[] arguments) throws Exception {
        var end = System.nanoTime() + Long.parseLong(arguments[1]) * 1_000_000_000L;
        var accepted = new AtomicLong();
        var refused = new AtomicLong();
        try (var spool = Camspool.open(CamspoolConfig.in(Path.of(arguments[0])))) {
            for (var producer = 0; producer < PRODUCERS; producer++) {
                var seed = producer;
                Thread.ofPlatform().start(() -> flood(spool, seed, end, accepted, refused));
            }
            while (System.nanoTime() < end) {
                Thread.sleep(1_000);
                System.out.println("rss " + residentKilobytes());
            }
            var waited = spool.status().intake().orElseThrow().waited();
            var unfinished = spool.close(Camspool.CLOSE_DEADLINE);
            if (!unfinished.isEmpty()) {
                throw new IllegalStateException("unfinished: " + unfinished);
            }
            System.out.printf(
                    "accepted %d refused %d waited %d%n", accepted.get(), refused.get(), waited);
        }
    }

    private static void flood(
            Camspool spool, int seed, long end, AtomicLong accepted, AtomicLong refused) {
        var pixels = new byte[WIDTH * HEIGHT * 3];
        var random = new SplittableRandom(seed);
        for (var i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) ((i / 64) + (random.nextInt() & 7));
        }
        while (System.nanoTime() < end) {
            try {
                spool.save(
                        Capture.of(
                                "camera-" + seed,
                                Frame.of(pixels, WIDTH, HEIGHT, PixelFormat.BGR)));
                accepted.incrementAndGet();
            } catch (CamspoolException e) {
                if (e.reason() == Reason.INTAKE_FULL) {
                    refused.incrementAndGet();
                } else if (e.reason() != Reason.CLOSED) {
                    throw e;
                }
            }
        }
    }

    private static long residentKilobytes() throws IOException {
        try (var lines = Files.lines(Path.of("/proc/self/status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                    .findFirst()
                    .orElse(0);
        }
    }
}
