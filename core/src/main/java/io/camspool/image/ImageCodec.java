package io.camspool.image;

import io.camspool.Content;
import io.camspool.ImageFormat;
import java.lang.foreign.MemorySegment;

/// Turns a frame, or an encoded image, into an encoded image of a given size. Thread-safe; the
/// encoders it opens are not.
public interface ImageCodec {
    /// Name and version, for people.
    String name();

    /// The codec of the highest rank that [#available] is used. The built-in one has rank 0.
    int rank();

    /// Whether it works on this machine; loads natives where it has them. Must not throw.
    boolean available();

    Encoder openEncoder();

    /// Encodes one image at a time, confined to one thread, and reuses its buffers.
    interface Encoder extends AutoCloseable {
        /// Decodes where needed, scales by area averaging and turns upright, to exactly `width` x
        /// `height`. The content's sides and completeness have been checked; a decoder's own
        /// complaint is an [IllegalArgumentException] whose message can be shown. What the content
        /// itself says of its orientation is ignored. What is transparent becomes white by its
        /// share; CMYK is taken as Adobe stores it, inverted. The content's memory may be read
        /// until the last [#encode] of this image: it must stay as it is until then.
        ///
        /// @param sourceWidth declared width of the content, in pixels, before turning
        /// @param sourceHeight declared height of the content, in pixels, before turning
        /// @param orientation how to turn it
        /// @param width of the result, in pixels, after turning
        /// @param height of the result, in pixels, after turning
        void load(
                Content content,
                int sourceWidth,
                int sourceHeight,
                Orientation orientation,
                int width,
                int height);

        /// The loaded image, encoded; may be called again with another quality. Valid until the
        /// next call.
        ///
        /// @param quality JPEG quality 1 to 100 with 4:2:0; ignored for PNG
        MemorySegment encode(ImageFormat format, int quality);

        @Override
        void close();
    }
}
