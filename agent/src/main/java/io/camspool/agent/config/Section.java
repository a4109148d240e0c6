package io.camspool.agent.config;

import io.camspool.CamspoolException;
import io.camspool.NearestWord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/// A mapping of the file. It hands out what its keys hold, and [#end] names the keys that nobody
/// has asked for. What can't be used is a problem and counts as absent, so that all problems are
/// found in one reading.
final class Section {
    /// A key file or token file is no larger.
    private static final long MAX_SECRET_BYTES = 64_000;

    private final Problems problems;
    private final String path;
    private final int line;
    private final Map<String, Node> values = new LinkedHashMap<>();
    private final Map<String, Integer> lines = new LinkedHashMap<>();
    private final Set<String> known = new TreeSet<>();

    /// @param path the keys above this mapping, with dots; empty at the top
    private Section(Problems problems, String path, int line) {
        this.problems = problems;
        this.path = path;
        this.line = line;
    }

    static Section of(Problems problems, String path, Node node) {
        return of(problems, path, node, lineOf(node));
    }

    private static Section of(Problems problems, String path, Node node, int line) {
        var section = new Section(problems, path, line);
        if (!(node instanceof MappingNode mapping)) {
            problems.add(
                    lineOf(node),
                    (path.isEmpty() ? "the file" : path) + ": keys and values, as 'key: value'");
            return section;
        }
        for (var tuple : mapping.getValue()) {
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                problems.add(lineOf(tuple.getKeyNode()), "a key must be a word");
                continue;
            }
            if (section.values.put(key.getValue(), tuple.getValueNode()) != null) {
                problems.add(lineOf(key), section.name(key.getValue()) + ": stands here twice");
            }
            section.lines.put(key.getValue(), lineOf(key));
        }
        return section;
    }

    static Section empty(Problems problems) {
        return new Section(problems, "", 1);
    }

    private static int lineOf(Node node) {
        return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(1);
    }

    /// A key with all that stands above it.
    String name(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    boolean has(String key) {
        return node(key) != null;
    }

    Optional<String> text(String key) {
        var node = node(key);
        if (node == null) {
            return Optional.empty();
        }
        if (node instanceof ScalarNode scalar) {
            return Optional.of(scalar.getValue());
        }
        problems.add(lineOf(node), name(key) + ": one value, not a list and no keys");
        return Optional.empty();
    }

    /// A text that must be there.
    Optional<String> required(String key) {
        if (!has(key)) {
            problems.add(line, name(key) + ": missing");
        }
        return text(key);
    }

    /// A value that is made from its text; what the function refuses is a problem.
    <T> Optional<T> value(String key, String allowed, Function<String, Optional<T>> read) {
        var text = text(key);
        var value = text.flatMap(read);
        if (text.isPresent() && value.isEmpty()) {
            problems.add(lineOf(key), name(key), text.get(), allowed);
        }
        return value;
    }

    Optional<Boolean> flag(String key) {
        return value(
                key,
                "true or false",
                text ->
                        switch (text) {
                            case "true" -> Optional.of(true);
                            case "false" -> Optional.of(false);
                            default -> Optional.empty();
                        });
    }

    Optional<Long> number(String key, long least, long most) {
        return value(
                key, least + " to " + most, text -> between(Amounts.number(text), least, most));
    }

    /// `64MB`, `300kB`, `1024`
    Optional<Long> bytes(String key, long least, long most) {
        return value(
                key,
                "%d to %d bytes, as 300kB or 64MB".formatted(least, most),
                text -> between(Amounts.bytes(text), least, most));
    }

    /// `200ms`, `90s`, `10m`, `2h`, `7d`
    Optional<Duration> duration(String key) {
        return value(key, Amounts.DURATION, Amounts::duration);
    }

    Optional<String> oneOf(String key, List<String> allowed) {
        return value(
                key,
                String.join(", ", allowed),
                text -> allowed.contains(text) ? Optional.of(text) : Optional.empty());
    }

    /// A path; a relative one is beside the file.
    Optional<Path> path(String key) {
        return value(
                key,
                "a path",
                text -> text.isBlank() ? Optional.empty() : Optional.of(problems.beside(text)));
    }

    /// A value that must not stand in the file: `env:NAME` or `file:PATH`; else as it stands.
    Optional<String> secret(String key) {
        var text = text(key);
        if (text.isEmpty()) {
            return text;
        }
        var value = text.get();
        if (value.startsWith("env:")) {
            var found = Optional.ofNullable(System.getenv(value.substring(4)));
            if (found.isEmpty()) {
                problems.add(lineOf(key), name(key), value, "a variable that is set");
            }
            return found;
        }
        return value.startsWith("file:")
                ? secretIn(key, problems.beside(value.substring(5)))
                : text;
    }

    private Optional<String> secretIn(String key, Path file) {
        try {
            if (Files.size(file) <= MAX_SECRET_BYTES) {
                return Optional.of(Files.readString(file).strip());
            }
        } catch (IOException _) {
            // named below
        }
        problems.add(lineOf(key), name(key), file, "a file that can be read, at most 64 kB");
        return Optional.empty();
    }

    /// One text or a list of them.
    List<String> texts(String key) {
        var texts = new ArrayList<String>();
        if (node(key) instanceof SequenceNode sequence) {
            for (var node : sequence.getValue()) {
                if (node instanceof ScalarNode scalar) {
                    texts.add(scalar.getValue());
                } else {
                    problems.add(lineOf(node), name(key) + ": a list of single values");
                }
            }
            return texts;
        }
        text(key).ifPresent(texts::add);
        return texts;
    }

    Optional<Section> section(String key) {
        var node = node(key);
        return node == null
                ? Optional.empty()
                : Optional.of(of(problems, name(key), node, lineOf(key)));
    }

    /// One mapping or a list of them.
    List<Section> list(String key) {
        var node = node(key);
        if (!(node instanceof SequenceNode sequence)) {
            return section(key).stream().toList();
        }
        return sequence.getValue().stream().map(one -> of(problems, name(key), one)).toList();
    }

    /// The sections below a key, by their names.
    Map<String, Section> sections(String key) {
        var all = section(key);
        var sections = new LinkedHashMap<String, Section>();
        all.ifPresent(
                parent -> {
                    for (var name : parent.values.keySet()) {
                        parent.section(name).ifPresent(child -> sections.put(name, child));
                    }
                });
        return sections;
    }

    /// The keys and texts below a key, whatever the keys are.
    Map<String, String> map(String key) {
        return map(key, Section::text);
    }

    /// As above, where the texts may be secrets.
    Map<String, String> secrets(String key) {
        return map(key, Section::secret);
    }

    private Map<String, String> map(
            String key, BiFunction<Section, String, Optional<String>> read) {
        var texts = new LinkedHashMap<String, String>();
        section(key)
                .ifPresent(
                        child -> {
                            for (var name : child.values.keySet()) {
                                read.apply(child, name).ifPresent(text -> texts.put(name, text));
                            }
                        });
        return texts;
    }

    /// What is made from one key; a refusal is a problem of that key.
    <T> Optional<T> made(String key, Supplier<T> make) {
        try {
            return Optional.of(make.get());
        } catch (CamspoolException e) {
            problems.add(lineOf(key), name(key) + ": " + e.getMessage());
            return Optional.empty();
        }
    }

    /// What is made from several keys; a refusal is a problem of this section.
    <T> Optional<T> made(Supplier<T> make) {
        try {
            return Optional.of(make.get());
        } catch (CamspoolException e) {
            problems.add(line, (path.isEmpty() ? "" : path + ": ") + e.getMessage());
            return Optional.empty();
        }
    }

    /// A value that can't be used for a reason that only its reader knows.
    void problem(String key, Object value, String allowed) {
        problems.add(lineOf(key), name(key), value, allowed);
    }

    /// A key that must not stand here, whatever its value.
    void problem(String key, String allowed) {
        problems.add(lineOf(key), name(key) + ": " + allowed);
    }

    /// Names the keys that nobody has asked for.
    void end() {
        for (var key : values.keySet()) {
            if (!known.contains(key)) {
                var hint =
                        NearestWord.meant(key, known)
                                .map(word -> "did you mean '" + word + "'?")
                                .orElse("known are " + String.join(", ", known));
                problems.add(lineOf(key), name(key) + ": unknown key; " + hint);
            }
        }
    }

    private @Nullable Node node(String key) {
        known.add(key);
        return values.get(key);
    }

    private int lineOf(String key) {
        return lines.getOrDefault(key, line);
    }

    private static Optional<Long> between(Optional<Long> value, long least, long most) {
        return value.filter(number -> number >= least && number <= most);
    }
}
