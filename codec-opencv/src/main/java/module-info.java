import io.camspool.codec.opencv.OpenCvImageCodec;
import io.camspool.image.ImageCodec;

/// The image codec on OpenCV. On a module path the natives are modules that nothing requires: add
/// them by `--add-modules ALL-MODULE-PATH`, or the codec is not available.
module io.camspool.codec.opencv {
    requires transitive io.camspool;
    requires org.bytedeco.javacpp;
    requires org.bytedeco.opencv;
    requires static transitive org.jspecify;

    exports io.camspool.codec.opencv;

    provides ImageCodec with
            OpenCvImageCodec;
}
