package io.camspool.agent.watch;

import io.camspool.CamspoolException;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What camera, alert and time are in the paths of a folder, as
/// `{camera}/{time:yyyyMMddHHmmss}_*.jpg`.
///
/// `{camera}` and `{alert}` stand for text without `/`, as short as possible; `{time:FORMAT}` for
/// what [TimeFormat] describes, also in several parts; `*` for any text without `/`; `**/` for any
/// folders or none. All else is itself. Immutable.
public final class PathPattern {
    /// Longest pattern and longest path, in characters: a match costs at most their product.
    private static final int MAX_CHARACTERS = 1024;

    /// One part of the pattern.
    private sealed interface Part {}

    private record Literal(String text) implements Part {}

    /// `{camera}`, `{alert}` or `*`, which has no name.
    private record Text(String name) implements Part {}

    private record Time(TimeFormat format) implements Part {}

    private record Folders() implements Part {}

    private final String text;
    private final List<Part> parts;
    private final @Nullable DateTimeFormatter times;

    private PathPattern(String text, List<Part> parts) {
        this.text = text;
        this.parts = List.copyOf(parts);
        var formats = parts.stream().filter(Time.class::isInstance).map(Time.class::cast).toList();
        this.times =
                formats.isEmpty()
                        ? null
                        : TimeFormat.formatter(formats.stream().map(Time::format).toList());
    }

    /// Reads a pattern; refuses it with what is wrong and where, in characters from 1.
    public static PathPattern of(String text) {
        if (text.isBlank() || text.length() > MAX_CHARACTERS) {
            throw CamspoolException.invalid(
                    "pattern", text, "1 to " + MAX_CHARACTERS + " characters");
        }
        if (text.startsWith("/") || text.endsWith("/")) {
            throw refused(text, 0, "it is relative to the folder, and of files: no / at its ends");
        }
        var pattern = new PathPattern(text, parts(text));
        if (pattern.times != null && !TimeFormat.isWhole(pattern.times)) {
            throw refused(
                    text,
                    text.indexOf("{time:"),
                    "a time needs year, month, day, hour and minute, as yyyyMMddHHmm, and nothing twice that may differ");
        }
        return pattern;
    }

    private static List<Part> parts(String text) {
        var parts = new ArrayList<Part>();
        var at = 0;
        while (at < text.length()) {
            var from = at;
            var next = text.charAt(at);
            if (next == '{') {
                var end = text.indexOf('}', at);
                if (end < 0) {
                    throw refused(text, at, "a { without }");
                }
                parts.add(named(text, at, text.substring(at + 1, end), parts));
                at = end + 1;
            } else if (next == '}') {
                throw refused(text, at, "a } without {");
            } else if (text.startsWith("**", at)) {
                if (!text.startsWith("**/", at) || (at > 0 && text.charAt(at - 1) != '/')) {
                    throw refused(text, at, "** stands for folders, as **/*");
                }
                parts.add(new Folders());
                at += "**/".length();
            } else if (next == '*') {
                parts.add(new Text(""));
                at++;
            } else {
                while (at < text.length() && "{}*".indexOf(text.charAt(at)) < 0) {
                    at++;
                }
                parts.add(new Literal(text.substring(from, at)));
            }
            refuseNeighbours(text, from, parts);
        }
        return parts;
    }

    private static Part named(String text, int at, String name, List<Part> before) {
        if (name.startsWith("time:")) {
            try {
                return new Time(TimeFormat.of(name.substring("time:".length())));
            } catch (IllegalArgumentException e) {
                throw refused(text, at, String.valueOf(e.getMessage()));
            }
        }
        if (!name.equals("camera") && !name.equals("alert")) {
            throw refused(text, at, "{camera}, {alert} and {time:FORMAT} are known");
        }
        if (before.contains(new Text(name))) {
            throw refused(text, at, "{" + name + "} stands there twice");
        }
        return new Text(name);
    }

    /// Where one ends and the other begins would be a guess.
    private static void refuseNeighbours(String text, int at, List<Part> parts) {
        if (parts.size() > 1
                && parts.getLast() instanceof Text
                && parts.get(parts.size() - 2) instanceof Text) {
            throw refused(text, at, "something must stand between two texts of any length");
        }
    }

    private static CamspoolException refused(String text, int at, String why) {
        return CamspoolException.invalid(
                "pattern",
                text,
                "a path as {camera}/{time:yyyyMMddHHmmss}_*.jpg; at character %d: %s"
                        .formatted(at + 1, why));
    }

    boolean hasCamera() {
        return parts.contains(new Text("camera"));
    }

    /// Whether a path has the form, whatever its time.
    boolean matches(String path) {
        return path.length() <= MAX_CHARACTERS && new Match(path).from(0, 0);
    }

    /// What a path says; empty where it doesn't match. Throws INVALID where it matches and its time
    /// is none, as of the 32nd of a month.
    ///
    /// @param path relative to the folder, with `/`
    Optional<PathFacts> match(String path) {
        if (path.length() > MAX_CHARACTERS) {
            return Optional.empty();
        }
        var match = new Match(path);
        if (!match.from(0, 0)) {
            return Optional.empty();
        }
        return Optional.of(
                new PathFacts(
                        Optional.ofNullable(match.camera),
                        Optional.ofNullable(match.alert),
                        times == null
                                ? Optional.empty()
                                : Optional.of(time(times, match.times(path)))));
    }

    private static LocalDateTime time(DateTimeFormatter times, String text) {
        try {
            return LocalDateTime.parse(text, times);
        } catch (DateTimeException _) {
            throw CamspoolException.invalid(
                    "time in the path", text.strip(), "a time that there is");
        }
    }

    /// One path on its way through the parts. What has failed once is not tried again, so that no
    /// name makes it slow.
    private final class Match {
        private final String path;
        private final BitSet failed = new BitSet();
        private final int[] ends = new int[parts.size()];
        private final int[] starts = new int[parts.size()];
        private @Nullable String camera;
        private @Nullable String alert;

        Match(String path) {
            this.path = path;
        }

        boolean from(int part, int at) {
            if (part == parts.size()) {
                return at == path.length();
            }
            var state = part * (MAX_CHARACTERS + 1) + at;
            if (failed.get(state)) {
                return false;
            }
            starts[part] = at;
            var matches =
                    switch (parts.get(part)) {
                        case Literal literal ->
                                path.startsWith(literal.text, at)
                                        && goOn(part, at + literal.text.length());
                        case Time time -> {
                            var end = time.format.end(path, at);
                            yield end >= 0 && goOn(part, end);
                        }
                        case Text text -> text(part, at, text);
                        case Folders _ -> folders(part, at);
                    };
            failed.set(state, !matches);
            return matches;
        }

        private boolean goOn(int part, int end) {
            ends[part] = end;
            return from(part + 1, end);
        }

        private boolean text(int part, int start, Text text) {
            // What has a name has at least one character.
            var end = text.name.isEmpty() ? start : start + 1;
            while (end <= path.length()) {
                if (end > start && path.charAt(end - 1) == '/') {
                    return false;
                }
                if (goOn(part, end)) {
                    switch (text.name) {
                        case "camera" -> camera = path.substring(start, end);
                        case "alert" -> alert = path.substring(start, end);
                        default -> {}
                    }
                    return true;
                }
                end++;
            }
            return false;
        }

        private boolean folders(int part, int start) {
            for (var end = start; ; end = path.indexOf('/', end) + 1) {
                if (goOn(part, end)) {
                    return true;
                }
                if (path.indexOf('/', end) < 0) {
                    return false;
                }
            }
        }

        /// The texts of all times, as their formatter has them.
        String times(String whole) {
            var texts = new ArrayList<String>();
            for (var i = 0; i < parts.size(); i++) {
                if (parts.get(i) instanceof Time) {
                    texts.add(whole.substring(starts[i], ends[i]));
                }
            }
            return String.join(TimeFormat.SEPARATOR, texts);
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof PathPattern pattern && text.equals(pattern.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
