package io.camspool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An image's EXIF orientation stays with the bytes that are kept, and is applied to what is made.
final class OrientationTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir Path folder;
    private Camspool spool;

    @BeforeEach
    void open() {
        spool =
                Camspool.open(
                        CamspoolConfig.in(folder)
                                .withImages(ImagePolicy.DEFAULT.withMaxSize(200, 200)));
    }

    @AfterEach
    void close() {
        spool.close();
    }

    private static byte[] jpeg(int width, int height, int orientation) {
        return Pictures.withOrientation(
                Pictures.jpeg(width, height, 1), orientation, ByteOrder.LITTLE_ENDIAN);
    }

    private Receipt save(byte[] image) {
        return spool.save(Capture.of("gate", Encoded.of(image)));
    }

    private void assertRecorded(int width, int height) {
        var recorded = spool.captures(Query.ALL).items().getFirst();
        assertThat(recorded.sides()).contains(new StoredCapture.Sides(width, height));
    }

    @Test
    void aRotatedImageThatFitsIsKeptByteForByteWithItsOwnSides() {
        var image = jpeg(160, 100, 6);
        var receipt = save(image);

        assertThat(receipt.await(SOON).change()).isEmpty();
        assertThat(receipt.path().orElseThrow()).hasBinaryContent(image);
        assertRecorded(160, 100);
    }

    @Test
    void aRotatedImageThatIsMadeAnewStandsUprightAndSaysSo() throws IOException {
        var receipt = save(jpeg(400, 100, 6));

        assertThat(receipt.await(SOON).change()).contains("rotated 90, resized 100x400 -> 50x200");
        assertRecorded(50, 200);
        var stored = ImageIO.read(receipt.path().orElseThrow().toFile());
        assertThat(stored.getWidth()).isEqualTo(50);
        assertThat(stored.getHeight()).isEqualTo(200);
        // Rotated by 90 the green of the lower edge comes to the left one.
        assertThat(stored.getRGB(2, 100) >> 8 & 0xff).isGreaterThan(200);
        assertThat(stored.getRGB(47, 100) >> 8 & 0xff).isLessThan(50);
        assertThat(receipt.path().orElseThrow().toFile()).content().doesNotContain("Exif");
    }

    @Test
    void aMirroredImageSaysSoToo() {
        assertThat(save(jpeg(400, 100, 7)).await(SOON).change())
                .contains("mirrored, rotated 90, resized 100x400 -> 50x200");
        assertThat(save(jpeg(400, 100, 2)).await(SOON).change())
                .contains("mirrored, resized 400x100 -> 200x50");
    }
}
