package io.camspool.image;

import io.camspool.Frame;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/// Scales 8-bit interleaved pixels by area averaging: a target pixel is the mean of the source area
/// it covers, each source pixel weighted by the share that lies inside, rounded to nearest. Works
/// for any ratio; equal sizes are exact copies.
///
/// Rows are summed first, as integers in row order, and each finished sum is then reduced along the
/// row. Weights are whole numbers: on an axis with the reduced ratio `source : target` a source
/// pixel is `target` units wide and a target pixel covers `source` units. A frame's longest side
/// bounds a sum of rows to 24 bits, so nothing overflows or is rounded before the end.
///
/// Not thread-safe; keeps its buffers.
final class AreaScaler {
    private byte[] row = new byte[0];
    private int[] sums = new int[0];

    /// Fills `target` with `width` x `height` pixels in the source's channel order, rows without
    /// gaps.
    void scale(Frame source, byte[] target, int width, int height) {
        var channels = source.format().bytesPerPixel();
        var targetRow = width * channels;
        if (source.width() == width && source.height() == height) {
            for (var y = 0; y < height; y++) {
                copyRow(source, y, target, y * targetRow, targetRow);
            }
            return;
        }
        var sourceRow = source.width() * channels;
        if (row.length < sourceRow) {
            row = new byte[sourceRow];
            sums = new int[sourceRow];
        }
        var horizontal = Axis.of(source.width(), width);
        var vertical = Axis.of(source.height(), height);
        for (var y = 0; y < height; y++) {
            Arrays.fill(sums, 0, sourceRow, 0);
            for (var at = vertical.first(y); at <= vertical.last(y); at++) {
                copyRow(source, at, row, 0, sourceRow);
                add(row, vertical.weight(at, y), sums, sourceRow);
            }
            reduce(sums, horizontal, vertical.source, channels, target, y * targetRow, width);
        }
    }

    private static void copyRow(Frame source, int y, byte[] into, int at, int length) {
        MemorySegment.copy(
                source.pixels(),
                ValueLayout.JAVA_BYTE,
                (long) y * source.stride(),
                into,
                at,
                length);
    }

    private static void add(byte[] row, int weight, int[] sums, int length) {
        for (var i = 0; i < length; i++) {
            sums[i] += weight * (row[i] & 0xff);
        }
    }

    private static void reduce(
            int[] sums,
            Axis axis,
            int rowsWeight,
            int channels,
            byte[] target,
            int offset,
            int width) {
        var scale = 1.0 / ((double) axis.source * rowsWeight);
        var out = offset;
        for (var x = 0; x < width; x++) {
            var first = axis.first(x);
            var last = axis.last(x);
            long firstWeight = axis.weight(first, x);
            long lastWeight = last == first ? 0 : axis.weight(last, x);
            for (var channel = 0; channel < channels; channel++) {
                var inner = 0L;
                for (var at = first + 1; at < last; at++) {
                    inner += sums[at * channels + channel];
                }
                var total =
                        firstWeight * sums[first * channels + channel]
                                + axis.target * inner
                                + lastWeight * sums[last * channels + channel];
                target[out++] = (byte) (int) (total * scale + 0.5);
            }
        }
    }

    /// One direction's ratio in lowest terms.
    private record Axis(int source, int target) {
        static Axis of(int source, int target) {
            var divisor = greatestCommonDivisor(source, target);
            return new Axis(source / divisor, target / divisor);
        }

        /// The first source pixel under a target pixel.
        int first(int position) {
            return (int) ((long) position * source / target);
        }

        /// The last source pixel under a target pixel.
        int last(int position) {
            return (int) (((position + 1L) * source - 1) / target);
        }

        /// The units of a source pixel that lie inside a target pixel.
        int weight(int sourcePixel, int position) {
            var from = Math.max((long) sourcePixel * target, (long) position * source);
            var to = Math.min((sourcePixel + 1L) * target, (position + 1L) * source);
            return (int) (to - from);
        }

        private static int greatestCommonDivisor(int a, int b) {
            return b == 0 ? a : greatestCommonDivisor(b, a % b);
        }
    }
}
