package io.camspool.internal.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.camspool.Encoded;
import io.camspool.Frame;
import io.camspool.ImageFormat;
import io.camspool.ImagePolicy;
import io.camspool.Pictures;
import io.camspool.PixelFormat;
import java.nio.ByteOrder;
import java.util.SplittableRandom;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

final class ImagePlanTest {
    private static final ImagePolicy POLICY = ImagePolicy.DEFAULT;

    private static Frame frame(int width, int height) {
        return Frame.of(new byte[width * height], width, height, PixelFormat.GRAY);
    }

    private static void assertSides(ImagePlan plan, int width, int height) {
        assertThat(plan.width()).isEqualTo(width);
        assertThat(plan.height()).isEqualTo(height);
    }

    @Test
    void anImageThatFitsIsKept() {
        for (var image : new byte[][] {Pictures.jpeg(64, 48, 1), Pictures.png(64, 48, 1)}) {
            var plan = ImagePlan.of(Encoded.of(image), POLICY);

            assertThat(plan.keep()).isTrue();
            assertThat(plan.resizes()).isFalse();
            assertThat(plan.format())
                    .isEqualTo(ImageHeader.read(Encoded.of(image).image()).format());
            assertSides(plan, 64, 48);
        }
    }

    @Test
    void anImageThatFitsIsKeptWhateverItsOrientation() {
        for (var value = 1; value <= 8; value++) {
            var image =
                    Pictures.withOrientation(Pictures.jpeg(64, 48, 1), value, ByteOrder.BIG_ENDIAN);
            var plan = ImagePlan.of(Encoded.of(image), POLICY.withMaxSize(64, 48));

            assertThat(plan.keep()).isTrue();
            assertThat(plan.turns()).isFalse();
            assertSides(plan, 64, 48);
        }
    }

    @Test
    void theSidesOfWhatIsMadeAreThoseAfterTurning() {
        var image = Pictures.withOrientation(Pictures.jpeg(400, 100, 1), 6, ByteOrder.BIG_ENDIAN);
        var plan = ImagePlan.of(Encoded.of(image), POLICY.withMaxSize(200, 200));

        assertThat(plan.turns()).isTrue();
        assertThat(plan.resizes()).isTrue();
        assertSides(plan, 50, 200);
    }

    @Test
    void turningAloneIsNoResizing() {
        var image = Pictures.withOrientation(Pictures.jpeg(100, 400, 1), 8, ByteOrder.BIG_ENDIAN);
        var plan = ImagePlan.of(Encoded.of(image), POLICY.withMaxSize(400, 100));

        assertThat(plan.keep()).isFalse();
        assertThat(plan.resizes()).isFalse();
        assertThat(plan.isOnlyTooManyBytes()).as("kept, it would be too high").isFalse();
        assertSides(plan, 400, 100);
    }

    @Test
    void aFrameIsAlwaysMadeAndBecomesAJpeg() {
        var plan = ImagePlan.of(frame(64, 48), POLICY);

        assertThat(plan.keep()).isFalse();
        assertThat(plan.resizes()).isFalse();
        assertThat(plan.format()).isEqualTo(ImageFormat.JPEG);
        assertSides(plan, 64, 48);
    }

    @Test
    void theMaximumItselfFits() {
        var image = Pictures.jpeg(64, 48, 1);
        var policy = POLICY.withMaxSize(64, 48).withMaxBytes(image.length);

        assertThat(ImagePlan.of(Encoded.of(image), policy).keep()).isTrue();
        assertThat(ImagePlan.of(Encoded.of(image), policy.withMaxSize(63, 48)).keep()).isFalse();
        assertThat(ImagePlan.of(Encoded.of(image), policy.withMaxSize(64, 47)).keep()).isFalse();
        assertThat(ImagePlan.of(Encoded.of(image), policy.withMaxBytes(image.length - 1)).keep())
                .isFalse();
    }

    @Test
    void theAspectIsKeptWhicheverSideIsTooLong() {
        assertSides(ImagePlan.of(frame(3840, 2160), POLICY), 1920, 1080);
        assertSides(ImagePlan.of(frame(2560, 1440), POLICY), 1920, 1080);
        assertSides(ImagePlan.of(frame(1080, 1920), POLICY), 608, 1080);
        assertSides(ImagePlan.of(frame(4000, 1000), POLICY), 1920, 480);
        assertSides(ImagePlan.of(frame(1921, 1080), POLICY), 1920, 1079);
        assertSides(ImagePlan.of(frame(1920, 1081), POLICY), 1918, 1080);
    }

    @Test
    void nothingIsMadeLarger() {
        var plan = ImagePlan.of(frame(10, 20), POLICY);

        assertThat(plan.resizes()).isFalse();
        assertSides(plan, 10, 20);
    }

    @Test
    void noSideGoesUnderOnePixel() {
        assertSides(ImagePlan.of(frame(20_000, 1), POLICY), 1920, 1);
        assertSides(ImagePlan.of(frame(1, 20_000), POLICY), 1, 1080);
        assertSides(ImagePlan.of(frame(20_000, 1), POLICY.withMaxSize(1, 1)), 1, 1);
        assertSides(ImagePlan.of(Encoded.of(Pictures.png(20_000, 1, 1)), POLICY), 1920, 1);
        assertSides(ImagePlan.of(Encoded.of(Pictures.jpeg(20_000, 1, 1)), POLICY), 1920, 1);
    }

    @Test
    void anySizeFitsTheMaximumWithItsAspect() {
        var seed = 3L;
        var random = new SplittableRandom(seed);
        for (var i = 0; i < 2_000; i++) {
            var source = frame(1 + random.nextInt(3000), 1 + random.nextInt(300));
            var policy = POLICY.withMaxSize(1 + random.nextInt(2000), 1 + random.nextInt(2000));
            var plan = ImagePlan.of(source, policy);

            assertThat(plan.width())
                    .as("seed %d, size %d", seed, i)
                    .isBetween(1, Math.min(source.width(), policy.maxWidth()));
            assertThat(plan.height())
                    .as("seed %d, size %d", seed, i)
                    .isBetween(1, Math.min(source.height(), policy.maxHeight()));
            var scale =
                    Math.min(
                            1.0,
                            Math.min(
                                    (double) policy.maxWidth() / source.width(),
                                    (double) policy.maxHeight() / source.height()));
            assertThat((double) plan.width())
                    .isCloseTo(Math.max(1, source.width() * scale), Offset.offset(0.51));
            assertThat((double) plan.height())
                    .isCloseTo(Math.max(1, source.height() * scale), Offset.offset(0.51));
        }
    }

    @Test
    void originalKeepsAllPixelsAndAllBytes() {
        var policy = POLICY.withMaxSize(8, 8).withMaxBytes(10).asOriginal();
        var encoded = ImagePlan.of(Encoded.of(Pictures.jpeg(64, 48, 1)), policy);
        var raw = ImagePlan.of(frame(64, 48), policy);

        assertThat(encoded.keep()).isTrue();
        assertSides(encoded, 64, 48);
        assertThat(raw.resizes()).isFalse();
        assertSides(raw, 64, 48);
    }

    @Test
    void originalInAnotherFormatKeepsAllPixels() {
        var policy = POLICY.withMaxSize(8, 8).asOriginal().withFormat(ImageFormat.PNG);
        var plan = ImagePlan.of(Encoded.of(Pictures.jpeg(64, 48, 1)), policy);

        assertThat(plan.keep()).isFalse();
        assertThat(plan.format()).isEqualTo(ImageFormat.PNG);
        assertSides(plan, 64, 48);
    }

    @Test
    void anImageOverMaxBytesIsMadeAnewAtItsSize() {
        var plan = ImagePlan.of(Encoded.of(Pictures.jpeg(64, 48, 1)), POLICY.withMaxBytes(100));

        assertThat(plan.keep()).isFalse();
        assertThat(plan.resizes()).isFalse();
        assertThat(plan.format()).isEqualTo(ImageFormat.JPEG);
    }

    @Test
    void aPngThatDoesNotFitBecomesAJpeg() {
        var image = Encoded.of(Pictures.png(64, 48, 1));

        assertThat(ImagePlan.of(image, POLICY.withMaxBytes(100)).format())
                .isEqualTo(ImageFormat.JPEG);
        assertThat(ImagePlan.of(image, POLICY.withMaxSize(32, 32)).format())
                .isEqualTo(ImageFormat.JPEG);
    }

    @Test
    void aFormatThatIsGivenIsAlwaysTheResult() {
        var jpeg = Encoded.of(Pictures.jpeg(64, 48, 1));
        var png = Encoded.of(Pictures.png(64, 48, 1));
        var asPng = POLICY.withFormat(ImageFormat.PNG);
        var asJpeg = POLICY.withFormat(ImageFormat.JPEG);

        assertThat(ImagePlan.of(jpeg, asJpeg).keep()).isTrue();
        assertThat(ImagePlan.of(png, asPng).keep()).isTrue();
        assertThat(ImagePlan.of(jpeg, asPng).keep()).isFalse();
        assertThat(ImagePlan.of(jpeg, asPng).format()).isEqualTo(ImageFormat.PNG);
        assertThat(ImagePlan.of(png, asJpeg).format()).isEqualTo(ImageFormat.JPEG);
        assertThat(ImagePlan.of(png, asPng.withMaxBytes(100)).format()).isEqualTo(ImageFormat.PNG);
        assertThat(ImagePlan.of(frame(64, 48), asPng).format()).isEqualTo(ImageFormat.PNG);
    }

    @Test
    void aPlanMayBeChangedToKeepTheSource() {
        var kept =
                ImagePlan.of(Encoded.of(Pictures.jpeg(64, 48, 1)), POLICY.withMaxBytes(9)).kept();

        assertThat(kept.keep()).isTrue();
        assertThat(kept.resizes()).isFalse();
        assertSides(kept, 64, 48);
    }
}
