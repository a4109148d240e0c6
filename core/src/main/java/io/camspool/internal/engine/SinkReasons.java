package io.camspool.internal.engine;

import io.camspool.SinkStatus;
import java.util.ArrayList;
import java.util.List;

/// What a status says of sinks in words; pure.
final class SinkReasons {
    private SinkReasons() {}

    /// What somebody should look at.
    static List<String> troubles(List<SinkStatus> sinks) {
        var troubles = new ArrayList<String>();
        for (var sink : sinks) {
            sink.trouble().ifPresent(trouble -> troubles.add("sink " + sink.id() + ": " + trouble));
            if (sink.rejected().items() > 0) {
                troubles.add("sink " + sink.id() + ": " + sink.rejected().items() + " rejected");
            }
            if (!sink.configured()) {
                troubles.add(
                        "sink %s is no longer configured and is still owed %d items; configure it again, or forget it"
                                .formatted(sink.id(), sink.owed().items()));
            }
        }
        return troubles;
    }

    /// What its owner has chosen, and what follows from it.
    static List<String> notes(List<SinkStatus> sinks, boolean localOnly) {
        var notes = new ArrayList<String>();
        for (var sink : sinks) {
            if (sink.configured() && !sink.enabled()) {
                notes.add(
                        "sink %s is disabled and is owed %d items"
                                .formatted(sink.id(), sink.owed().items()));
            }
            if (sink.paused()) {
                notes.add("sink " + sink.id() + " is paused; resume it to have it sent to again");
            }
        }
        if (!localOnly && !sinks.isEmpty() && sinks.stream().noneMatch(SinkReasons::confirms)) {
            notes.add(
                    "no required sink is configured and enabled: everything held counts as undelivered");
        }
        return notes;
    }

    private static boolean confirms(SinkStatus sink) {
        return sink.required() && sink.configured() && sink.enabled();
    }
}
