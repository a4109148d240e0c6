package io.camspool.internal.intake;

import io.camspool.Encoded;
import io.camspool.ImageFormat;
import io.camspool.ImagePolicy;
import io.camspool.ItemKind;
import io.camspool.image.ImageCodec;
import io.camspool.internal.intake.Group.Member;
import io.camspool.internal.intake.Group.Picture;
import io.camspool.internal.ledger.NewItem;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Makes of a picture what will be stored, by its plan, and takes the hashes. Confined to one
/// thread, and reuses its encoder.
final class ImageMaker implements AutoCloseable {
    /// Steps of quality on the way down to the largest size.
    private static final int QUALITY_STEP = 10;

    private final LazyCodec codec;
    private final FramePool pool;
    private final CrashedInputs crashed;
    private ImageCodec.@Nullable Encoder encoder;

    ImageMaker(LazyCodec codec, FramePool pool, CrashedInputs crashed) {
        this.codec = codec;
        this.pool = pool;
        this.crashed = crashed;
    }

    /// Leaves in the member what will be stored, and its item; throws [IllegalArgumentException]
    /// when the content can't be decoded.
    void make(Member member, Picture picture) throws IOException {
        var candidate = member.candidate;
        var inputHash = inputHash(candidate, picture);
        var plan = picture.plan;
        var changes = new ArrayList<String>();
        if (plan.crashes()) {
            changes.add("not decoded: it crashed the decoder");
        } else if (picture.content instanceof Encoded && inputHash != null && !plan.keep()) {
            try (var _ = crashed.mark(inputHash)) {
                plan = encode(picture, changes);
            }
        } else if (!plan.keep()) {
            plan = encode(picture, changes);
        }
        var stored = picture.buffer.memory().asSlice(0, picture.bytes);
        var capture = picture.capture;
        member.item =
                new NewItem(
                        candidate.id(),
                        ItemKind.CAPTURE,
                        Optional.of(capture.camera()),
                        capture.alertId(),
                        candidate.time(),
                        candidate.acceptedAt(),
                        capture.labels(),
                        capture.priority(),
                        plan.format().mediaType(),
                        picture.bytes,
                        plan.width(),
                        plan.height(),
                        changes.isEmpty()
                                ? Optional.empty()
                                : Optional.of(String.join(", ", changes)),
                        inputHash,
                        plan.keep() && inputHash != null ? inputHash : Hashes.of(stored),
                        candidate.path(),
                        null,
                        candidate.hasCallersId(),
                        capture.deliveredBefore());
    }

    /// Of a frame only where a repeat must be known.
    private static byte @Nullable [] inputHash(Candidate candidate, Picture picture) {
        return candidate.hasCallersId() || !(picture.content instanceof Encoded encoded)
                ? candidate.inputSha256()
                : Hashes.of(encoded.image());
    }

    private ImagePlan encode(Picture picture, List<String> changes) {
        var plan = picture.plan;
        if (encoder == null) {
            encoder = codec.get().openEncoder();
        }
        var source = plan.source();
        encoder.load(
                picture.content,
                source.width(),
                source.height(),
                source.orientation(),
                plan.width(),
                plan.height());
        var quality = plan.policy().quality();
        var image = encoder.encode(plan.format(), quality);
        while (isTooLarge(image, plan) && quality > ImagePolicy.LOWEST_QUALITY) {
            quality = Math.max(ImagePolicy.LOWEST_QUALITY, quality - QUALITY_STEP);
            image = encoder.encode(plan.format(), quality);
        }
        if (plan.isOnlyTooManyBytes() && image.byteSize() >= picture.bytes) {
            return plan.kept(); // encoding it anew would lose detail and win nothing
        }
        describe(plan, changes);
        if (source.format().isPresent() && !plan.converts() && !plan.resizes()) {
            changes.add("re-encoded %d -> %d bytes".formatted(picture.bytes, image.byteSize()));
        }
        if (quality != plan.policy().quality()) {
            changes.add("quality %d -> %d".formatted(plan.policy().quality(), quality));
        }
        replace(picture, image);
        return plan;
    }

    /// What is done to the picture, in the order in which it is done.
    private static void describe(ImagePlan plan, List<String> changes) {
        var source = plan.source();
        if (plan.turns()) {
            if (source.orientation().mirrored()) {
                changes.add("mirrored");
            }
            if (source.orientation().degrees() != 0) {
                changes.add("rotated " + source.orientation().degrees());
            }
        }
        if (plan.resizes()) {
            changes.add(
                    "resized %dx%d -> %dx%d"
                            .formatted(
                                    source.uprightWidth(),
                                    source.uprightHeight(),
                                    plan.width(),
                                    plan.height()));
        }
        if (plan.converts()) {
            changes.add(
                    "converted %s -> %s"
                            .formatted(name(source.format().orElseThrow()), name(plan.format())));
        }
    }

    private static boolean isTooLarge(MemorySegment image, ImagePlan plan) {
        return plan.format() == ImageFormat.JPEG
                && !plan.policy().original()
                && image.byteSize() > plan.policy().maxBytes();
    }

    private void replace(Picture picture, MemorySegment image) {
        var smaller = pool.take(image.byteSize());
        MemorySegment.copy(image, 0, smaller.memory(), 0, image.byteSize());
        pool.give(picture.buffer);
        picture.buffer = smaller;
        picture.bytes = image.byteSize();
        picture.content = new Encoded(smaller.memory().asSlice(0, image.byteSize()));
    }

    private static String name(ImageFormat format) {
        return format.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public void close() {
        if (encoder != null) {
            encoder.close();
        }
    }
}
