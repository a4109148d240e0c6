package io.camspool.codec.opencv;

import io.camspool.image.ImageCodec;
import java.io.IOException;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.global.opencv_imgproc;

/// The image codec on OpenCV: libjpeg-turbo and OpenCV's area interpolation, one thread an encoder.
/// Thread-safe.
///
/// Loading it sets OpenCV to one thread in the whole process: the callers' threads are the
/// parallelism.
public final class OpenCvImageCodec implements ImageCodec {
    /// For [java.util.ServiceLoader].
    public OpenCvImageCodec() {}

    @Override
    public String name() {
        return available() ? "OpenCV " + opencv_core.CV_VERSION() : "OpenCV (" + Natives.LACK + ")";
    }

    @Override
    public int rank() {
        return 10;
    }

    @Override
    public boolean available() {
        return Natives.LACK.isEmpty();
    }

    @Override
    public Encoder openEncoder() {
        if (!available()) {
            throw new IllegalStateException(name());
        }
        return new OpenCvEncoder();
    }

    /// Loads OpenCV once, at first use.
    private static final class Natives {
        /// Why it is not loaded, in words; blank: it is.
        static final String LACK = load();

        private static String load() {
            // JavaCPP refuses to allocate once the process is larger than a multiple of the Java
            // heap. Small heaps are wanted here, and the encoders bound their memory themselves.
            setUnlessSet("org.bytedeco.javacpp.maxBytes");
            setUnlessSet("org.bytedeco.javacpp.maxPhysicalBytes");
            try {
                var lack = NativeRoom.lack(Loader.getCacheDir().toPath());
                if (lack.isPresent()) {
                    return lack.get();
                }
                Loader.load(opencv_core.class);
                Loader.load(opencv_imgproc.class);
                Loader.load(opencv_imgcodecs.class);
                opencv_core.setNumThreads(1);
                // Each class looks for its library when it is first used, also in the folder where
                // they were unpacked, which may be gone by then.
                new OpenCvEncoder().close();
                return "";
            } catch (LinkageError | RuntimeException | IOException _) {
                // no natives for this machine, or native access is denied
                return "natives do not load";
            }
        }

        private static void setUnlessSet(String limit) {
            if (System.getProperty(limit) == null) {
                System.setProperty(limit, "0");
            }
        }
    }
}
