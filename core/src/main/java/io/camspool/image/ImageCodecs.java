package io.camspool.image;

import java.util.Comparator;
import java.util.ServiceLoader;
import java.util.stream.Stream;

/// Finds image codecs.
public final class ImageCodecs {
    private ImageCodecs() {}

    /// The available codec of the highest rank: one that [ServiceLoader] finds, or the built-in
    /// one.
    public static ImageCodec best() {
        var found = ServiceLoader.load(ImageCodec.class).stream().map(ServiceLoader.Provider::get);
        return Stream.concat(found, Stream.of(new JdkImageCodec()))
                .sorted(Comparator.comparingInt(ImageCodec::rank).reversed())
                .filter(ImageCodec::available)
                .findFirst()
                .orElseThrow();
    }
}
