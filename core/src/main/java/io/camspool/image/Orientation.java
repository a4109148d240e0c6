package io.camspool.image;

/// What must be done with an image to have it upright: mirrored left to right first, then rotated
/// clockwise. The eight values of EXIF, in its order.
public enum Orientation {
    UPRIGHT(false, 0),
    MIRRORED(true, 0),
    ROTATED_180(false, 180),
    MIRRORED_ROTATED_180(true, 180),
    MIRRORED_ROTATED_270(true, 270),
    ROTATED_90(false, 90),
    MIRRORED_ROTATED_90(true, 90),
    ROTATED_270(false, 270);

    private final boolean mirrored;
    private final int degrees;

    Orientation(boolean mirrored, int degrees) {
        this.mirrored = mirrored;
        this.degrees = degrees;
    }

    /// The orientation of a value in EXIF; what is not 1 to 8 is upright.
    public static Orientation ofExif(long value) {
        return value >= 1 && value <= 8 ? values()[(int) value - 1] : UPRIGHT;
    }

    public boolean mirrored() {
        return mirrored;
    }

    /// Clockwise: 0, 90, 180 or 270.
    public int degrees() {
        return degrees;
    }

    /// Whether width becomes height.
    public boolean swapsSides() {
        return degrees % 180 != 0;
    }
}
