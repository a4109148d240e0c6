package io.camspool;

import java.util.List;

/// What [Camspool#close] could not finish by its deadline. While items are unfinished the folder
/// stays claimed by this process until the disk has let go of them.
///
/// @param items accepted and not known to be stored: their receipts complete exceptionally with
///   UNKNOWN_OUTCOME
/// @param sinks still sending when the deadline came; what they owe is kept and goes on at the next
///   open
public record Unfinished(List<ItemId> items, List<String> sinks) {
    public Unfinished {
        items = List.copyOf(items);
        sinks = List.copyOf(sinks);
    }

    public boolean isEmpty() {
        return items.isEmpty() && sinks.isEmpty();
    }
}
