package io.camspool.image;

/// Has 8-bit interleaved pixels stand upright.
final class Turn {
    private Turn() {}

    /// Fills `target` with the turned pixels, rows without gaps on both sides.
    ///
    /// @param width of the source
    /// @param height of the source
    static void turn(
            byte[] source,
            byte[] target,
            int width,
            int height,
            int channels,
            Orientation orientation) {
        // The source's column and row of a target pixel, each a + b * x + c * y.
        var lastColumn = width - 1;
        var lastRow = height - 1;
        int[] column =
                switch (orientation.degrees()) {
                    case 90 -> new int[] {0, 0, 1};
                    case 180 -> new int[] {lastColumn, -1, 0};
                    case 270 -> new int[] {lastColumn, 0, -1};
                    default -> new int[] {0, 1, 0};
                };
        int[] row =
                switch (orientation.degrees()) {
                    case 90 -> new int[] {lastRow, -1, 0};
                    case 180 -> new int[] {lastRow, 0, -1};
                    case 270 -> new int[] {0, 1, 0};
                    default -> new int[] {0, 0, 1};
                };
        if (orientation.mirrored()) {
            column = new int[] {lastColumn - column[0], -column[1], -column[2]};
        }
        var first = (row[0] * width + column[0]) * channels;
        var right = (row[1] * width + column[1]) * channels;
        var down = (row[2] * width + column[2]) * channels;
        var targetWidth = orientation.swapsSides() ? height : width;
        var targetHeight = orientation.swapsSides() ? width : height;
        var out = 0;
        for (var y = 0; y < targetHeight; y++) {
            var at = first + y * down;
            for (var x = 0; x < targetWidth; x++, at += right) {
                for (var channel = 0; channel < channels; channel++) {
                    target[out++] = source[at + channel];
                }
            }
        }
    }
}
