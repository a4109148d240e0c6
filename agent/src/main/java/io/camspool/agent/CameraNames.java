package io.camspool.agent;

import io.camspool.CamspoolException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/// Reads camera and alert out of names as `<camera>_<alert>`.
///
/// A name with more than one `_` can be split in more than one way, and is guessed. What begins
/// many names with a single `_` is a camera. Else the first `_` ends it, unless what follows
/// divides many names into few: `gate_1_...` and `gate_2_...` are two cameras, `gate_alert_...`
/// alone is not. A part that looks like a date or a number of an event is never of a camera.
final class CameraNames {
    /// Names that a guess rests on.
    private static final int MANY = 5;

    /// Beginnings that are counted: some tens of megabytes.
    private static final int MOST_BEGINNINGS = 100_000;

    private static final Pattern NUMBER = Pattern.compile("[0-9]{6,}.*");

    private final @Nullable Pattern pattern;
    private final Map<String, Integer> single = new HashMap<>();
    private final Map<String, Integer> beginnings = new HashMap<>();
    private final Map<String, Integer> branches = new HashMap<>();

    /// @param guessed whether it could have been split in another way
    record Name(String camera, Optional<String> alert, boolean guessed) {}

    /// @param pattern the owner's own rule, with groups `camera` and `alert`
    CameraNames(@Nullable String pattern) {
        this.pattern = pattern == null ? null : compile(pattern);
    }

    private static Pattern compile(String text) {
        try {
            var compiled = Pattern.compile(text);
            if (compiled.namedGroups().containsKey("camera")) {
                return compiled;
            }
            throw refused(text, "it has no group (?<camera>...)");
        } catch (PatternSyntaxException e) {
            throw refused(text, e.getDescription());
        }
    }

    private static CamspoolException refused(String text, String why) {
        return CamspoolException.invalid(
                "--camera-pattern",
                text,
                "a regular expression as (?<camera>[^_]+_[0-9]+)_(?<alert>.+); this: " + why);
    }

    /// Counts one name, for the guesses to come.
    void count(String name) {
        if (pattern != null) {
            return;
        }
        var splits = splits(name);
        if (splits.size() == 1) {
            count(single, name.substring(0, splits.getFirst()));
        }
        for (var split : splits) {
            var beginning = name.substring(0, split);
            if (NUMBER.matcher(lastPart(beginning)).matches()) {
                return;
            }
            if (count(beginnings, beginning) == MANY && beginning.indexOf('_') > 0) {
                var parent = beginning.substring(0, beginning.lastIndexOf('_'));
                branches.merge(parent, 1, Integer::sum);
            }
        }
    }

    private static int count(Map<String, Integer> counts, String text) {
        return counts.size() < MOST_BEGINNINGS || counts.containsKey(text)
                ? counts.merge(text, 1, Integer::sum)
                : 0;
    }

    /// Splits one name; empty: it doesn't match the owner's rule.
    Optional<Name> read(String name) {
        if (pattern != null) {
            return match(pattern, name);
        }
        var splits = splits(name);
        if (splits.isEmpty()) {
            return Optional.of(new Name(name, Optional.empty(), false));
        }
        var split = splits.size() == 1 ? splits.getFirst() : guess(name, splits);
        return Optional.of(
                new Name(
                        name.substring(0, split),
                        Optional.of(name.substring(split + 1)),
                        splits.size() > 1));
    }

    private static Optional<Name> match(Pattern pattern, String name) {
        var match = pattern.matcher(name);
        if (!match.matches() || match.group("camera") == null || match.group("camera").isBlank()) {
            return Optional.empty();
        }
        var alert =
                pattern.namedGroups().containsKey("alert")
                        ? Optional.ofNullable(match.group("alert"))
                        : Optional.<String>empty();
        return Optional.of(
                new Name(match.group("camera"), alert.filter(text -> !text.isBlank()), false));
    }

    private int guess(String name, List<Integer> splits) {
        for (var split : splits.reversed()) {
            if (single.getOrDefault(name.substring(0, split), 0) >= MANY) {
                return split;
            }
        }
        var end = splits.getFirst();
        for (var split : splits.subList(1, splits.size())) {
            var isBranch = branches.getOrDefault(name.substring(0, end), 0) > 1;
            if (!isBranch || beginnings.getOrDefault(name.substring(0, split), 0) < MANY) {
                break;
            }
            end = split;
        }
        return end;
    }

    /// Where it can be split, so that both parts have something.
    private static List<Integer> splits(String name) {
        var splits = new ArrayList<Integer>();
        for (var at = name.indexOf('_'); at >= 0; at = name.indexOf('_', at + 1)) {
            if (!name.substring(0, at).isBlank() && !name.substring(at + 1).isBlank()) {
                splits.add(at);
            }
        }
        return splits;
    }

    private static String lastPart(String beginning) {
        return beginning.substring(beginning.lastIndexOf('_') + 1);
    }
}
