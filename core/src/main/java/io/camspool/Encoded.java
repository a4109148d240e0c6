package io.camspool;

import java.lang.foreign.MemorySegment;

/// An image as JPEG or PNG bytes; which of the two is read from the bytes themselves. The memory
/// stays the caller's, as with [Frame].
public record Encoded(MemorySegment image) implements Content {
    public static Encoded of(byte[] image) {
        return new Encoded(MemorySegment.ofArray(image));
    }

    @Override
    public long bytes() {
        return image.byteSize();
    }
}
