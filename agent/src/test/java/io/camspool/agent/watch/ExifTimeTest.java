package io.camspool.agent.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ExifTimeTest {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    /// The beginning of a JPEG with these two fields.
    static byte[] jpeg(boolean little, String time, String offset) {
        var tiff =
                ByteBuffer.allocate(128)
                        .order(little ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN)
                        .putShort((short) (little ? 0x4949 : 0x4D4D))
                        .putShort((short) 42)
                        .putInt(8);
        field(tiff.putShort((short) 1), 0x8769, 4, 1, 26).putInt(0);
        field(tiff.putShort((short) 2), 0x9003, 2, 20, 64);
        field(tiff, 0x9011, 2, 7, 90);
        tiff.position(64).put(time.getBytes(StandardCharsets.US_ASCII));
        tiff.position(90).put(offset.getBytes(StandardCharsets.US_ASCII));
        return ByteBuffer.allocate(2 + 4 + 6 + 128 + 2)
                .putShort((short) 0xFFD8)
                .putShort((short) 0xFFE1)
                .putShort((short) (2 + 6 + 128))
                .put("Exif\0\0".getBytes(StandardCharsets.US_ASCII))
                .put(tiff.array())
                .putShort((short) 0xFFDA)
                .array();
    }

    private static ByteBuffer field(ByteBuffer tiff, int tag, int type, int count, int value) {
        return tiff.putShort((short) tag).putShort((short) type).putInt(count).putInt(value);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theTimeIsReadInBothByteOrders(boolean little) {
        assertThat(ExifTime.of(jpeg(little, "2026:11:24 10:15:30", ""), BERLIN))
                .contains(Instant.parse("2026-11-24T09:15:30Z"));
        assertThat(ExifTime.of(jpeg(little, "2026:11:24 10:15:30", "-05:00"), BERLIN))
                .contains(Instant.parse("2026-11-24T15:15:30Z"));
    }

    @Test
    void whatCannotBeUnderstoodIsNoTime() {
        assertThat(ExifTime.of(jpeg(true, "0000:00:00 00:00:00", ""), BERLIN)).isEmpty();
        assertThat(ExifTime.of(jpeg(true, "1969:01:01 00:00:00", ""), BERLIN)).isEmpty();
        assertThat(ExifTime.of(new byte[0], BERLIN)).isEmpty();
        assertThat(ExifTime.of(new byte[] {(byte) 0xFF, (byte) 0xD8, 0, 0}, BERLIN)).isEmpty();
    }

    @Test
    void noBytesMakeItFail() {
        var whole = jpeg(true, "2026:11:24 10:15:30", "+01:00");
        for (var length = 0; length < whole.length; length++) {
            var _ = ExifTime.of(Arrays.copyOf(whole, length), ZoneOffset.UTC);
        }
        var random = new SplittableRandom(1);
        for (var i = 0; i < 10_000; i++) {
            var changed = whole.clone();
            changed[random.nextInt(12, whole.length)] = (byte) random.nextInt();
            changed[random.nextInt(12, whole.length)] = (byte) random.nextInt();
            var _ = ExifTime.of(changed, ZoneOffset.UTC);
        }
    }
}
