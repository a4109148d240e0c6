package io.camspool.agent.api;

import io.camspool.CamspoolConfig;
import java.nio.file.Path;
import java.time.Duration;

/// What a request may hand in.
///
/// @param uploads folder of files while they come; on the disk of the data folder, so that they
///   need not be copied again
/// @param maxImageBytes largest JPEG or PNG
/// @param maxFrameBytes largest raw frame
/// @param maxOpaqueBytes largest file of another media type
/// @param maxAlertBytes largest alert
/// @param maxAlertDepth deepest nesting in an alert
/// @param maxBatchBytes largest body with alerts
/// @param maxBatchAlerts alerts in one body
/// @param maxGroupCaptures captures that are stored together with an alert
/// @param captureMemory bytes of memory for bodies of captures, of all requests together
/// @param alertMemory the same for bodies of alerts, so that these never wait for captures
/// @param memoryWait how long a request waits for memory before it is answered 429
/// @param minFreeBytes what an upload leaves free on its disk, for the ledger to go on
/// @param durableWait how long a request waits until what it handed in is durable
public record IntakeSettings(
        Path uploads,
        long maxImageBytes,
        long maxFrameBytes,
        long maxOpaqueBytes,
        int maxAlertBytes,
        int maxAlertDepth,
        int maxBatchBytes,
        int maxBatchAlerts,
        int maxGroupCaptures,
        long captureMemory,
        long alertMemory,
        Duration memoryWait,
        long minFreeBytes,
        Duration durableWait) {
    /// As the spool is configured. Memory for two raw 4K frames and some JPEGs, as in the spool's
    /// own intake.
    public static IntakeSettings of(CamspoolConfig spool) {
        var intake = spool.intake();
        return new IntakeSettings(
                spool.data().resolve("uploads"),
                intake.maxImageBytes(),
                intake.captureBytes(),
                intake.maxOpaqueBytes(),
                spool.maxAlertBytes(),
                spool.maxAlertDepth(),
                Math.max(8_000_000, spool.maxAlertBytes() + 1_000),
                1_000,
                32,
                intake.captureBytes(),
                Math.max(16_000_000, spool.maxAlertBytes() + 1_000),
                Duration.ofSeconds(5),
                64_000_000,
                Duration.ofSeconds(30));
    }
}
