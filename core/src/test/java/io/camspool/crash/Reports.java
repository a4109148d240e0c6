package io.camspool.crash;

import io.camspool.ItemKind;
import io.camspool.Undelivered;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What [RecordedProcess] had been told before a power cut.
///
/// @param stored by item id
/// @param removeAsked by item id, DROP where any call said so
/// @param removed item ids
record Reports(
        Map<String, Item> stored, Map<String, Undelivered> removeAsked, Set<String> removed) {
    /// An item reported stored.
    ///
    /// @param path below the root; `-` for an alert
    record Item(String id, ItemKind kind, String sha256, String path) {}

    static Reports of(List<String> lines) {
        var stored = new HashMap<String, Item>();
        var removeAsked = new HashMap<String, Undelivered>();
        var removed = new HashSet<String>();
        for (var line : lines) {
            var words = line.split(" ", -1);
            var id = words[1];
            switch (words[0]) {
                case "stored" ->
                        stored.put(
                                id, new Item(id, ItemKind.valueOf(words[2]), words[3], words[4]));
                case "remove-asked" ->
                        removeAsked.merge(
                                id,
                                Undelivered.valueOf(words[2]),
                                (one, other) -> one == Undelivered.DROP ? one : other);
                case "removed" -> removed.add(id);
                default -> throw new IllegalArgumentException(line);
            }
        }
        return new Reports(stored, removeAsked, removed);
    }
}
