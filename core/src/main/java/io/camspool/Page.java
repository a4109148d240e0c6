package io.camspool;

import java.util.List;
import java.util.Optional;

/// Some items and where to go on.
///
/// @param next cursor of the following page; empty: this is the last
public record Page<T>(List<T> items, Optional<String> next) {
    public Page {
        items = List.copyOf(items);
    }
}
