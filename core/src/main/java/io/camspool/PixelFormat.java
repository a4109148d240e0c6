package io.camspool;

/// The order of the bytes of one pixel, 8 bits a channel, as cameras and OpenCV hand them over.
public enum PixelFormat {
    BGR(3),
    RGB(3),
    GRAY(1);

    private final int bytesPerPixel;

    PixelFormat(int bytesPerPixel) {
        this.bytesPerPixel = bytesPerPixel;
    }

    public int bytesPerPixel() {
        return bytesPerPixel;
    }
}
