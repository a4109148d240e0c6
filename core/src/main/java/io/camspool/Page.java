package io.camspool;

import java.util.List;
import java.util.Optional;

/// Some items and where to go on. There may be fewer than the limit, even none, and more to come:
/// where many items had to be looked at, the page ends before all were.
///
/// @param next cursor of the following page; empty: this is the last
public record Page<T>(List<T> items, Optional<String> next) {
    public Page {
        items = List.copyOf(items);
    }
}
