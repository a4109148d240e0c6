package io.camspool.image;

import java.lang.System.Logger.Level;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Finds image codecs.
public final class ImageCodecs {
    private static final System.Logger LOG = System.getLogger(ImageCodecs.class.getName());

    private ImageCodecs() {}

    /// The available codec of the highest rank: one that [ServiceLoader] finds, or the built-in
    /// one.
    public static ImageCodec best() {
        var found = ServiceLoader.load(ImageCodec.class).stream().map(ServiceLoader.Provider::get);
        return best(Stream.concat(found, Stream.of(new JdkImageCodec())).toList());
    }

    /// The one on ImageIO, which needs no natives and little memory.
    public static ImageCodec builtIn() {
        return new JdkImageCodec();
    }

    /// Where a better one is not available, its name says why.
    static ImageCodec best(List<ImageCodec> codecs) {
        var ranked =
                codecs.stream()
                        .sorted(Comparator.comparingInt(ImageCodec::rank).reversed())
                        .toList();
        var best = ranked.stream().filter(ImageCodec::available).findFirst().orElseThrow();
        var better = ranked.subList(0, ranked.indexOf(best));
        if (better.isEmpty()) {
            return best;
        }
        var instead = new Instead(best, better);
        LOG.log(Level.WARNING, "images are made by {0}", instead.name());
        return instead;
    }

    private record Instead(ImageCodec codec, List<ImageCodec> better) implements ImageCodec {
        @Override
        public String name() {
            return codec.name()
                    + ", instead of "
                    + better.stream().map(ImageCodec::name).collect(Collectors.joining(", "));
        }

        @Override
        public int rank() {
            return codec.rank();
        }

        @Override
        public boolean available() {
            return codec.available();
        }

        @Override
        public Encoder openEncoder() {
            return codec.openEncoder();
        }
    }
}
