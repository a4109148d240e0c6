package io.camspool;

import java.time.Duration;

/// How much may be accepted and not yet stored.
///
/// @param captureBytes memory for captures on their way to the disk
/// @param alertBytes memory for alerts on their way to the disk, apart from the captures'
/// @param admissionWait how long `save` waits for room before it refuses
/// @param maxImageBytes largest encoded image that is accepted
/// @param maxPixels most pixels that an image may declare, checked before it is decoded
/// @param maxOpaqueBytes largest file of another media type that is accepted
public record IntakeLimits(
        long captureBytes,
        long alertBytes,
        Duration admissionWait,
        long maxImageBytes,
        long maxPixels,
        long maxOpaqueBytes) {
    /// 64 MB hold two raw 4K frames and some JPEGs; a detector that is blocked for more than 200 ms
    /// loses live frames; 50 megapixels are 150 MB when decoded; 2 GB are some minutes of 4K video.
    public static final IntakeLimits DEFAULT =
            new IntakeLimits(
                    64_000_000,
                    8_000_000,
                    Duration.ofMillis(200),
                    32_000_000,
                    50_000_000,
                    2_000_000_000L);

    /// What each item costs besides its bytes, so that many tiny ones are bounded too.
    public static final long ITEM_OVERHEAD_BYTES = 1024;

    public IntakeLimits {
        requireAtLeast("intake.memory", captureBytes, 1_000_000);
        requireAtLeast("intake.alert-memory", alertBytes, 100_000);
        requireAtLeast("intake.max-image-bytes", maxImageBytes, 1);
        requireAtLeast("intake.max-pixels", maxPixels, 1);
        requireAtLeast("intake.max-opaque-bytes", maxOpaqueBytes, 1);
        if (admissionWait.isNegative()) {
            throw CamspoolException.invalid("intake.wait", admissionWait, "0 or more");
        }
    }

    public IntakeLimits withCaptureBytes(long bytes) {
        return new IntakeLimits(
                bytes, alertBytes, admissionWait, maxImageBytes, maxPixels, maxOpaqueBytes);
    }

    public IntakeLimits withAdmissionWait(Duration wait) {
        return new IntakeLimits(
                captureBytes, alertBytes, wait, maxImageBytes, maxPixels, maxOpaqueBytes);
    }

    public IntakeLimits withMaxOpaqueBytes(long bytes) {
        return new IntakeLimits(
                captureBytes, alertBytes, admissionWait, maxImageBytes, maxPixels, bytes);
    }

    private static void requireAtLeast(String field, long value, long least) {
        if (value < least) {
            throw CamspoolException.invalid(field, value, "at least " + least);
        }
    }
}
