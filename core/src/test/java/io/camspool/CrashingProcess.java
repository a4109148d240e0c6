package io.camspool;

import io.camspool.image.ImageCodec;
import io.camspool.image.ImageCodecs;
import io.camspool.image.Orientation;
import io.camspool.internal.engine.Engine;
import io.camspool.internal.engine.Worlds;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.Duration;

/// Saves an image that its codec decodes, then one that ends the process where the codec decodes
/// it, then the first again; prints the change of each that is stored.
final class CrashingProcess {
    static final int STATUS = 134;
    static final byte[] GOOD = Pictures.jpeg(400, 300, 1);
    static final byte[] BAD = Pictures.png(402, 302, 2);

    private CrashingProcess() {}

    public static void main(String[] arguments) {
        var config =
                CamspoolConfig.in(Path.of(arguments[0]))
                        .withImages(
                                ImagePolicy.DEFAULT
                                        .withMaxSize(100, 100)
                                        .withFormat(ImageFormat.JPEG));
        try (var spool = Engine.open(config, Worlds.with(new CrashingCodec()))) {
            for (var image : new byte[][] {GOOD, BAD, GOOD}) {
                var receipt = spool.save(Capture.of("gate", Encoded.of(image)));
                var change = receipt.await(Duration.ofSeconds(20)).change().orElse("none");
                System.out.println(change + " " + receipt.path().orElseThrow());
            }
        }
    }

    private static final class CrashingCodec implements ImageCodec {
        private final ImageCodec codec = ImageCodecs.best();

        @Override
        public String name() {
            return "crashing";
        }

        @Override
        public int rank() {
            return 0;
        }

        @Override
        public boolean available() {
            return true;
        }

        @Override
        public Encoder openEncoder() {
            return new CrashingEncoder(codec.openEncoder());
        }
    }

    private record CrashingEncoder(ImageCodec.Encoder encoder) implements ImageCodec.Encoder {
        @Override
        public void load(
                Content content,
                int sourceWidth,
                int sourceHeight,
                Orientation orientation,
                int width,
                int height) {
            if (sourceWidth == 402) {
                Runtime.getRuntime().halt(STATUS); // as a signal does: no hook, no finally
            }
            encoder.load(content, sourceWidth, sourceHeight, orientation, width, height);
        }

        @Override
        public MemorySegment encode(ImageFormat format, int quality) {
            return encoder.encode(format, quality);
        }

        @Override
        public void close() {
            encoder.close();
        }
    }
}
