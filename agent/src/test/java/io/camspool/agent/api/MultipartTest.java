package io.camspool.agent.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camspool.agent.http.ProblemException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class MultipartTest {
    private static final MediaType TYPE = MediaType.of("multipart/form-data; boundary=b");

    /// Gives at most so many bytes at a time.
    private static InputStream slow(byte[] bytes, int most) {
        return new ByteArrayInputStream(bytes) {
            @Override
            public synchronized int read(byte[] target, int offset, int length) {
                return super.read(target, offset, Math.min(length, most));
            }
        };
    }

    private static List<byte[]> parts(InputStream in, MediaType type) throws IOException {
        var contents = new ArrayList<byte[]>();
        var parts = Multipart.of(in, type);
        for (var part = parts.next(); part.isPresent(); part = parts.next()) {
            contents.add(part.get().content().readAllBytes());
        }
        return contents;
    }

    @Test
    void aPartIsWholeHoweverItsBytesCome() throws IOException {
        var seed = 7L;
        var random = new SplittableRandom(seed);
        for (var run = 0; run < 200; run++) {
            var form = new FormBody();
            var expected = new ArrayList<byte[]>();
            for (var i = random.nextInt(4); i >= 0; i--) {
                var content = nasty(random, random.nextInt(run < 190 ? 60 : 100_000));
                expected.add(content);
                form.part("capture", content, "X: y");
            }

            var most = 1 + random.nextInt(run < 190 ? 20 : 40_000);
            assertThat(parts(slow(form.bytes(), most), MediaType.of(form.mediaType())))
                    .as("seed %d, run %d", seed, run)
                    .containsExactlyElementsOf(expected);
        }
    }

    /// Full of what looks as if it were a delimiter.
    private static byte[] nasty(SplittableRandom random, int length) {
        var looks = "\r\n------b'7 y".getBytes(StandardCharsets.US_ASCII);
        var bytes = new byte[length];
        for (var i = 0; i < length; ) {
            var from = random.nextInt(3);
            var to = random.nextInt(from, looks.length);
            while (from <= to && i < length) {
                bytes[i++] = looks[from++];
            }
        }
        return bytes;
    }

    @Test
    void whatStandsAroundThePartsIsPassedOver() throws IOException {
        var text =
                "before\r\n--b \r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n--b--after";

        assertThat(parts(new ByteArrayInputStream(bytes(text)), TYPE)).containsExactly(bytes("1"));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    @Test
    void headersHaveALimit() {
        for (var header :
                List.of("X: " + "y".repeat(9_000), "X: y\r\n".repeat(2_000), "no colon", ": x")) {
            var text = "--b\r\n" + header + "\r\n\r\n1\r\n--b--";
            assertThatThrownBy(() -> parts(new ByteArrayInputStream(bytes(text)), TYPE))
                    .isInstanceOf(ProblemException.class);
        }
    }

    @Test
    void aPartHasAName() {
        for (var header :
                List.of(
                        "X: y",
                        "Content-Disposition: form-data",
                        "Content-Disposition: file; name=a")) {
            var text = "--b\r\n" + header + "\r\n\r\n1\r\n--b--";
            assertThatThrownBy(() -> parts(new ByteArrayInputStream(bytes(text)), TYPE))
                    .isInstanceOf(ProblemException.class);
        }
    }
}
