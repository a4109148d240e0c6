package io.camspool;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What a running spool has measured since it was opened. All numbers only grow until the next
/// open; they are read one by one, so that those of one moment may differ by what is under way.
///
/// @param admission how long a save waited for room in the intake, also in vain
/// @param encode what the codec took to keep or encode an image and take its hash
/// @param write what it took to write an image aside and force it, also in vain; files that came as
///   files are not among them
/// @param commit what the disk took for the COMMIT of a round, which may hold many items
/// @param cameras in the order of their names; at most [#MOST_CAMERAS] and [#OTHER]
/// @param sinks those that are configured and enabled, in the order of their names
public record Measures(
        Latency admission,
        Latency encode,
        Latency write,
        Latency commit,
        List<OfCamera> cameras,
        List<AtSink> sinks) {
    /// Cameras that are counted apart, the first that come.
    public static final int MOST_CAMERAS = 1_000;

    /// What all further cameras are counted under.
    public static final String OTHER = "other";

    /// How long something took.
    ///
    /// @param buckets from the shortest to the longest, each with all that the ones before it count
    /// @param count how often, also what took longer than the last bucket
    /// @param sum of all
    public record Latency(List<Bucket> buckets, long count, Duration sum) {
        public Latency {
            buckets = List.copyOf(buckets);
        }
    }

    /// How often something took no longer than this.
    public record Bucket(Duration atMost, long count) {}

    /// What came of one camera.
    ///
    /// @param camera empty: alerts that name none
    /// @param lastCapture the capture time of the capture that was stored last; empty: none was
    public record OfCamera(
            Optional<String> camera, Items captures, Items alerts, Optional<Instant> lastCapture) {}

    /// What became of items that were admitted; the rest is under way. Repeats, and what was
    /// refused, are not among them.
    public record Items(long accepted, long stored, long failed) {}

    /// What became of deliveries to one sink.
    ///
    /// @param send what the sink took for one batch; a pull sink has none
    public record AtSink(String sink, Latency send, Deliveries captures, Deliveries alerts) {}

    /// How often the sink answered so for a delivery, and what was booked of it. A delivery is sent
    /// again after a refusal or a fault.
    ///
    /// @param delivered booked as confirmed
    /// @param refused answers that the sink refuses the item
    /// @param rejected booked as given up on
    /// @param networkFaults answers that the sink was not reached
    /// @param sinkFaults answers that the sink itself is at fault
    public record Deliveries(
            long delivered, long refused, long rejected, long networkFaults, long sinkFaults) {}

    public Measures {
        cameras = List.copyOf(cameras);
        sinks = List.copyOf(sinks);
    }
}
