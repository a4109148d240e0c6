package io.camspool.agent;

import io.camspool.Balance.Amount;
import io.camspool.CamspoolException;
import io.camspool.SinkStatus;
import io.camspool.SpoolReader;
import io.camspool.Status;
import io.camspool.agent.json.SinkJson;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/// How sinks are shown to people.
final class SinkTexts {
    private static final String NONE = "-";

    private SinkTexts() {}

    static List<String> heads() {
        return List.of("ID", "STATE", "WAITING", "OLDEST", "RATE", "DRAIN", "REJECTED", "TROUBLE");
    }

    static List<String> row(SinkStatus sink, Status status, Instant now) {
        return List.of(
                sink.id(),
                SinkJson.state(sink, status),
                amount(sink.backlog()),
                sink.oldest().map(time -> Texts.duration(age(time, now))).orElse(NONE),
                rate(sink).orElse(NONE),
                sink.backlog().items() == 0
                        ? NONE
                        : sink.timeToDrain().map(Texts::duration).orElse(NONE),
                amount(sink.rejected()),
                sink.trouble().map(Texts::oneLine).orElse(NONE));
    }

    private static Duration age(Instant time, Instant now) {
        return time.isAfter(now) ? Duration.ZERO : Duration.between(time, now);
    }

    /// `1.2 MB/s`
    static Optional<String> rate(SinkStatus sink) {
        return sink.rate()
                .map(
                        rate ->
                                rate.bytes() < 1
                                        ? String.format(Locale.ROOT, "%.1f items/s", rate.items())
                                        : Texts.bytes(Math.round(rate.bytes())) + "/s");
    }

    static String amount(Amount amount) {
        return amount.items() == 0
                ? "0"
                : amount.items() + " (" + Texts.bytes(amount.bytes()) + ")";
    }

    /// `2 items (3.1 MB)`
    static String items(Amount amount) {
        return Texts.count(amount.items(), "item") + " (" + Texts.bytes(amount.bytes()) + ")";
    }

    static Optional<SinkStatus> find(SpoolReader spool, String id) {
        return spool.status().sinks().stream().filter(sink -> sink.id().equals(id)).findFirst();
    }

    /// The sink of this id, or a refusal that names those that are there.
    static SinkStatus known(SpoolReader spool, String id) {
        return find(spool, id)
                .orElseThrow(
                        () ->
                                CamspoolException.invalid(
                                        "sink",
                                        id,
                                        spool.status().sinks().stream()
                                                .map(SinkStatus::id)
                                                .collect(Collectors.joining(", "))));
    }
}
