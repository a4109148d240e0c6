package io.camspool.internal.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camspool.CamspoolException;
import io.camspool.CamspoolException.Reason;
import io.camspool.ImageFormat;
import io.camspool.Pictures;
import io.camspool.image.Orientation;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

final class ImageHeaderTest {
    private static final byte[] JPEG = Pictures.jpeg(200, 120, 1);
    private static final byte[] PNG = Pictures.png(200, 120, 2);
    private static final int PNG_SIGNATURE_BYTES = 8;
    private static final int IHDR_BYTES = 25;

    private static ImageHeader read(byte... image) {
        return ImageHeader.read(MemorySegment.ofArray(image));
    }

    private static void refused(byte[] image, String why) {
        assertThatThrownBy(() -> read(image))
                .isInstanceOfSatisfying(
                        CamspoolException.class,
                        e -> assertThat(e.reason()).isEqualTo(Reason.INVALID))
                .hasMessageStartingWith("the image is not allowed: ")
                .hasMessageContaining(why)
                .hasMessageEndingWith("allowed: a whole JPEG or PNG");
    }

    /// A JPEG whose frame header declares other sides.
    private static byte[] jpegOf(int width, int height) {
        var image = JPEG.clone();
        var at = 2;
        while ((image[at + 1] & 0xFF) != 0xC0) {
            at += 2 + (ByteBuffer.wrap(image).getShort(at + 2) & 0xFFFF);
        }
        ByteBuffer.wrap(image).putShort(at + 5, (short) height).putShort(at + 7, (short) width);
        return image;
    }

    /// A PNG whose IHDR declares other sides, with the right CRC.
    private static byte[] pngOf(int width, int height) {
        var image = PNG.clone();
        ByteBuffer.wrap(image).putInt(16, width).putInt(20, height);
        var crc = new CRC32();
        crc.update(image, 12, 17);
        ByteBuffer.wrap(image).putInt(29, (int) crc.getValue());
        return image;
    }

    private static byte[] joined(byte[]... parts) {
        var all = ByteBuffer.allocate(Arrays.stream(parts).mapToInt(part -> part.length).sum());
        for (var part : parts) {
            all.put(part);
        }
        return all.array();
    }

    @Test
    void formatAndSidesAreRead() {
        assertThat(read(JPEG))
                .isEqualTo(new ImageHeader(ImageFormat.JPEG, 200, 120, Orientation.UPRIGHT));
        assertThat(read(PNG))
                .isEqualTo(new ImageHeader(ImageFormat.PNG, 200, 120, Orientation.UPRIGHT));
        assertThat(read(Pictures.jpeg(1, 1, 3)))
                .isEqualTo(new ImageHeader(ImageFormat.JPEG, 1, 1, Orientation.UPRIGHT));
        assertThat(read(Pictures.png(20_000, 1, 3)))
                .isEqualTo(new ImageHeader(ImageFormat.PNG, 20_000, 1, Orientation.UPRIGHT));
    }

    @Test
    void aPngThatDeclaresItsSizeTwiceIsRefused() {
        var huge = pngOf(30_000, 30_000);
        var twice =
                joined(
                        Arrays.copyOf(huge, PNG_SIGNATURE_BYTES + IHDR_BYTES),
                        Arrays.copyOfRange(PNG, PNG_SIGNATURE_BYTES, PNG.length));

        refused(twice, "declare its size once");
    }

    @Test
    void aJpegThatDeclaresNoPixelsSaysSo() {
        refused(jpegOf(0, 0), "it declares 0 x 0 pixels");
        refused(jpegOf(0, 5), "it declares 0 x 5 pixels");
    }

    @Test
    void imagesWithoutPixelDataAreRefused() {
        var end = Arrays.copyOfRange(PNG, PNG.length - 12, PNG.length);
        refused(
                joined(Arrays.copyOf(PNG, PNG_SIGNATURE_BYTES + IHDR_BYTES), end),
                "without an image");
        var headerOnly = java.util.HexFormat.of().parseHex("FFD8FFC0000B08000A000A01011100FFD9");
        refused(headerOnly, "without an image");
    }

    @Test
    void memoryOutsideTheHeapIsReadToo() {
        try (var arena = Arena.ofConfined()) {
            // At an odd address: nothing about alignment is promised.
            var memory = arena.allocate(PNG.length + 1L).asSlice(1);
            MemorySegment.copy(MemorySegment.ofArray(PNG), 0, memory, 0, PNG.length);

            assertThat(ImageHeader.read(memory))
                    .isEqualTo(new ImageHeader(ImageFormat.PNG, 200, 120, Orientation.UPRIGHT));
        }
    }

    @Test
    void declaredSidesAreReadWithoutDecoding() {
        assertThat(read(jpegOf(65_535, 65_535)))
                .isEqualTo(new ImageHeader(ImageFormat.JPEG, 65_535, 65_535, Orientation.UPRIGHT));
        assertThat(read(pngOf(Integer.MAX_VALUE, Integer.MAX_VALUE)))
                .isEqualTo(
                        new ImageHeader(
                                ImageFormat.PNG,
                                Integer.MAX_VALUE,
                                Integer.MAX_VALUE,
                                Orientation.UPRIGHT));
    }

    @Test
    void anImageWithoutPixelsIsRefused() {
        refused(jpegOf(0, 0), "");
        refused(jpegOf(0, 5), "it declares 0 x 5 pixels");
        refused(jpegOf(5, 0), "it declares 5 x 0 pixels");
        refused(pngOf(0, 0), "it declares 0 x 0 pixels");
        refused(pngOf(Integer.MIN_VALUE, 5), "x 5 pixels");
    }

    @Test
    void nothingAndForeignBytesAreRefused() {
        refused(new byte[0], "it is empty");
        refused(new byte[] {(byte) 0xFF}, "neither JPEG nor PNG (it begins with FF)");
        refused(
                "GIF89a".getBytes(StandardCharsets.US_ASCII),
                "neither JPEG nor PNG (it begins with 47 49 46 38)");
        refused(new byte[100], "neither JPEG nor PNG (it begins with 00 00 00 00)");
    }

    @Test
    void aJpegIsRefusedWhereverItIsCut() {
        for (var length = 4; length < JPEG.length; length++) {
            refused(Arrays.copyOf(JPEG, length), "it is truncated");
        }
    }

    @Test
    void aPngIsRefusedWhereverItIsCut() {
        for (var length = 8; length < PNG.length; length++) {
            refused(Arrays.copyOf(PNG, length), "it is truncated");
        }
    }

    @Test
    void whatFollowsTheEndIsIgnored() {
        var more = new byte[] {1, 2, 3, (byte) 0xFF, (byte) 0xD8};

        assertThat(read(joined(JPEG, more)).width()).isEqualTo(200);
        assertThat(read(joined(PNG, more)).width()).isEqualTo(200);
    }

    @Test
    void aJpegWithoutAFrameIsRefused() {
        refused(
                new byte[] {(byte) 0xFF, (byte) 0xD8, (byte) 0xFF, (byte) 0xD9},
                "it is a JPEG without an image");
    }

    @Test
    void aThumbnailsSidesAreNotTheImages() {
        var thumbnail = Pictures.jpeg(16, 8, 4);
        var segment = ByteBuffer.allocate(4 + thumbnail.length);
        segment.putShort((short) 0xFFE1).putShort((short) (2 + thumbnail.length)).put(thumbnail);
        var image =
                joined(
                        Arrays.copyOf(JPEG, 2),
                        segment.array(),
                        Arrays.copyOfRange(JPEG, 2, JPEG.length));

        assertThat(read(image))
                .isEqualTo(new ImageHeader(ImageFormat.JPEG, 200, 120, Orientation.UPRIGHT));
    }

    @Test
    void fillBytesBeforeAMarkerAreSkipped() {
        var image =
                joined(
                        Arrays.copyOf(JPEG, 2),
                        new byte[] {(byte) 0xFF, (byte) 0xFF},
                        Arrays.copyOfRange(JPEG, 2, JPEG.length));

        assertThat(read(image).height()).isEqualTo(120);
    }

    @Test
    void aDamagedByteOfAPngIsSeenWhereverItIs() {
        for (var at = PNG_SIGNATURE_BYTES; at < PNG.length; at++) {
            var image = PNG.clone();
            image[at] ^= 0x10;
            assertThatThrownBy(() -> read(image))
                    .as("byte %d", at)
                    .isInstanceOf(CamspoolException.class);
        }
    }

    @Test
    void aPngChunkLongerThanAnyFileIsRefused() {
        var image = PNG.clone();
        ByteBuffer.wrap(image).putInt(PNG_SIGNATURE_BYTES + IHDR_BYTES, -1);

        refused(image, "it is truncated");
    }

    @Test
    void theExifOrientationIsReadInBothByteOrders() {
        for (var order : new ByteOrder[] {ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN}) {
            for (var value = 1; value <= 8; value++) {
                var image = Pictures.withOrientation(JPEG, value, order);

                assertThat(read(image))
                        .isEqualTo(
                                new ImageHeader(
                                        ImageFormat.JPEG, 200, 120, Orientation.ofExif(value)));
            }
        }
        assertThat(Orientation.ofExif(6)).isEqualTo(Orientation.ROTATED_90);
    }

    @Test
    void theFirstExifDecides() {
        var later = Pictures.withOrientation(JPEG, 3, ByteOrder.BIG_ENDIAN);

        assertThat(read(Pictures.withOrientation(later, 8, ByteOrder.LITTLE_ENDIAN)).orientation())
                .isEqualTo(Orientation.ROTATED_270);
    }

    @Test
    void anUnknownOrientationIsUpright() {
        for (var value : new int[] {0, 9, 255, 65_535}) {
            var image = Pictures.withOrientation(JPEG, value, ByteOrder.BIG_ENDIAN);

            assertThat(read(image).orientation()).isEqualTo(Orientation.UPRIGHT);
        }
    }

    @Test
    void damagedExifIsNoReasonToRefuseAnImage() {
        var image = Pictures.withOrientation(JPEG, 6, ByteOrder.LITTLE_ENDIAN);
        var from = 2 + 4;
        for (var at = from; at < from + Pictures.EXIF_BYTES; at++) {
            for (var value = 0; value < 256; value++) {
                var damaged = image.clone();
                damaged[at] = (byte) value;

                assertThat(read(damaged).width()).as("byte %d, value %d", at, value).isEqualTo(200);
            }
        }
        for (var length = 0; length <= Pictures.EXIF_BYTES; length++) {
            var segment =
                    ByteBuffer.allocate(4 + length)
                            .putShort((short) 0xFFE1)
                            .putShort((short) (2 + length))
                            .put(image, from, length);
            var cut =
                    joined(
                            Arrays.copyOf(JPEG, 2),
                            segment.array(),
                            Arrays.copyOfRange(JPEG, 2, JPEG.length));

            assertThat(read(cut).width()).as("%d bytes", length).isEqualTo(200);
        }
    }

    @Test
    void theOrientationOfAPngIsReadToo() {
        var exif = ByteBuffer.allocate(4 + Pictures.EXIF_BYTES - 6);
        exif.put("eXIf".getBytes(StandardCharsets.US_ASCII));
        exif.put(Pictures.exif(6, ByteOrder.BIG_ENDIAN), 6, Pictures.EXIF_BYTES - 6);
        var crc = new CRC32();
        crc.update(exif.array());
        var chunk = ByteBuffer.allocate(exif.capacity() + 8).putInt(exif.capacity() - 4);
        chunk.put(exif.array()).putInt((int) crc.getValue());
        var image =
                joined(
                        Arrays.copyOf(PNG, PNG_SIGNATURE_BYTES + IHDR_BYTES),
                        chunk.array(),
                        Arrays.copyOfRange(PNG, PNG_SIGNATURE_BYTES + IHDR_BYTES, PNG.length));

        assertThat(read(image).orientation()).isEqualTo(Orientation.ROTATED_90);
    }

    @Test
    void randomBytesBehindASignatureAreAnsweredNotCrashedOn() {
        var seed = 5L;
        var random = new SplittableRandom(seed);
        for (var i = 0; i < 3_000; i++) {
            var bytes = new byte[random.nextInt(400)];
            random.nextBytes(bytes);
            var start = random.nextBoolean() ? Arrays.copyOf(JPEG, 2) : Arrays.copyOf(PNG, 8);
            try {
                var header = read(joined(start, bytes));
                assertThat(header.width()).as("seed %d, image %d", seed, i).isPositive();
                assertThat(header.height()).as("seed %d, image %d", seed, i).isPositive();
            } catch (CamspoolException e) {
                assertThat(e.reason()).isEqualTo(Reason.INVALID);
            }
        }
    }
}
