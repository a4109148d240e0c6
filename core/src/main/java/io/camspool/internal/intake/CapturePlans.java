package io.camspool.internal.intake;

import io.camspool.CamspoolConfig;
import io.camspool.CamspoolException;
import io.camspool.Capture;
import io.camspool.Encoded;
import io.camspool.Frame;
import io.camspool.Opaque;
import io.camspool.internal.archive.Extensions;

/// Checks captures as they are handed in, without decoding and before any memory is taken, and
/// decides what will be stored of each. Thread-safe.
final class CapturePlans {
    private final CamspoolConfig config;
    private final FileTaker files;
    private final CrashedInputs crashed;

    /// @param crashed what must not be decoded
    CapturePlans(CamspoolConfig config, FileTaker files, CrashedInputs crashed) {
        this.config = config;
        this.files = files;
        this.crashed = crashed;
    }

    /// Throws INVALID where it is not allowed.
    CapturePlan plan(Capture capture) {
        if (capture.content() instanceof Opaque file) {
            files.check(file);
            return new CapturePlan(capture, null, Extensions.of(file.mediaType()));
        }
        var image = imagePlan(capture);
        return new CapturePlan(capture, image, image.format().extension());
    }

    private ImagePlan imagePlan(Capture capture) {
        var limits = config.intake();
        if (capture.content() instanceof Encoded encoded
                && encoded.bytes() > limits.maxImageBytes()) {
            throw CamspoolException.invalid(
                    "image size", encoded.bytes(), "at most " + limits.maxImageBytes() + " bytes");
        }
        var plan = ImagePlan.of(capture.content(), capture.images().orElse(config.images()));
        if (!plan.keep()
                && capture.content() instanceof Encoded encoded
                && crashed.contain(encoded.image())) {
            plan = plan.undecoded();
        }
        var pixels = (long) plan.source().width() * plan.source().height();
        if (!plan.keep() && Math.max(plan.width(), plan.height()) > Frame.MAX_SIDE) {
            throw CamspoolException.invalid(
                    "image",
                    plan.width() + "x" + plan.height(),
                    "sides of at most " + Frame.MAX_SIDE + " pixels where it must be made anew");
        }
        if (pixels > limits.maxPixels()) {
            throw CamspoolException.invalid(
                    "image",
                    plan.source().width() + "x" + plan.source().height(),
                    "at most " + limits.maxPixels() + " pixels");
        }
        return plan;
    }
}
