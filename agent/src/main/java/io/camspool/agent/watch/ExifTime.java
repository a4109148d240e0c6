package io.camspool.agent.watch;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// When a JPEG's EXIF says that it was taken: `DateTimeOriginal`, with `OffsetTimeOriginal` where
/// that is there. Cameras write EXIF of any quality: what can't be understood is no time.
final class ExifTime {
    private static final byte[] NAME = "Exif\0\0".getBytes(StandardCharsets.US_ASCII);
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu:MM:dd HH:mm:ss")
                    .withResolverStyle(ResolverStyle.STRICT);
    private static final int APP1 = 0xE1;
    private static final int START_OF_SCAN = 0xDA;
    private static final int MAGIC = 42;
    private static final int FIELD_BYTES = 12;
    private static final int EXIF_DIRECTORY = 0x8769;
    private static final int DATE_TIME_ORIGINAL = 0x9003;
    private static final int OFFSET_TIME_ORIGINAL = 0x9011;
    private static final int TIME_CHARACTERS = 19;

    /// `+02:00`
    private static final int OFFSET_CHARACTERS = 6;

    private final ByteBuffer tiff;

    private ExifTime(ByteBuffer tiff) {
        this.tiff = tiff;
    }

    /// @param zone of a time without an offset
    static Optional<Instant> of(byte[] image, ZoneId zone) {
        try {
            var tiff = tiff(ByteBuffer.wrap(image));
            return tiff == null ? Optional.empty() : new ExifTime(tiff).read(zone);
        } catch (IndexOutOfBoundsException | DateTimeException _) {
            return Optional.empty();
        }
    }

    /// What EXIF is: a TIFF file in a segment of the JPEG.
    private static @Nullable ByteBuffer tiff(ByteBuffer jpeg) {
        if (jpeg.limit() < 4 || (jpeg.getShort(0) & 0xFFFF) != 0xFFD8) {
            return null;
        }
        for (var at = 2; ; ) {
            var marker = jpeg.getShort(at) & 0xFFFF;
            var length = jpeg.getShort(at + 2) & 0xFFFF;
            if (marker >> 8 != 0xFF || (marker & 0xFF) == START_OF_SCAN || length < 2) {
                return null;
            }
            var content = at + 4;
            if ((marker & 0xFF) == APP1
                    && length >= 2 + NAME.length
                    && jpeg.slice(content, NAME.length).equals(ByteBuffer.wrap(NAME))) {
                return jpeg.slice(content + NAME.length, length - 2 - NAME.length);
            }
            at += 2 + length;
        }
    }

    private Optional<Instant> read(ZoneId zone) {
        switch (tiff.getShort(0)) {
            case 0x4949 -> tiff.order(ByteOrder.LITTLE_ENDIAN);
            case 0x4D4D -> tiff.order(ByteOrder.BIG_ENDIAN);
            default -> {
                return Optional.empty();
            }
        }
        if (tiff.getShort(2) != MAGIC) {
            return Optional.empty();
        }
        var exif = find(tiff.getInt(4), EXIF_DIRECTORY);
        var time = exif < 0 ? -1 : find(tiff.getInt(exif), DATE_TIME_ORIGINAL);
        if (time < 0) {
            return Optional.empty();
        }
        var local = LocalDateTime.parse(text(tiff.getInt(time), TIME_CHARACTERS), TIME);
        var offset = find(tiff.getInt(exif), OFFSET_TIME_ORIGINAL);
        return Optional.of(local.atZone(offset < 0 ? zone : offset(offset, zone)).toInstant())
                .filter(instant -> !instant.isBefore(Instant.EPOCH));
    }

    private ZoneId offset(int at, ZoneId zone) {
        try {
            return ZoneOffset.of(text(tiff.getInt(at), OFFSET_CHARACTERS));
        } catch (DateTimeException _) {
            return zone;
        }
    }

    /// Where the value of a field stands; -1 where there is no such field.
    private int find(int directory, int tag) {
        var fields = tiff.getShort(directory) & 0xFFFF;
        for (var i = 0; i < fields; i++) {
            var at = directory + 2 + i * FIELD_BYTES;
            if ((tiff.getShort(at) & 0xFFFF) == tag) {
                return at + 8;
            }
        }
        return -1;
    }

    private String text(int at, int characters) {
        var bytes = new byte[characters];
        tiff.get(at, bytes);
        return new String(bytes, StandardCharsets.US_ASCII);
    }
}
