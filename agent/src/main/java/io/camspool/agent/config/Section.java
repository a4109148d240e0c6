package io.camspool.agent.config;

import io.camspool.CamspoolException;
import io.camspool.NearestWord;
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
    private final Reading reading;
    private final String path;
    private final int line;
    private final Map<String, Node> values = new LinkedHashMap<>();
    private final Map<String, Integer> lines = new LinkedHashMap<>();
    private final Set<String> known = new TreeSet<>();

    /// @param path the keys above this mapping, with dots; empty at the top
    private Section(Reading reading, String path, int line) {
        this.reading = reading;
        this.path = path;
        this.line = line;
    }

    static Section of(Reading reading, String path, Node node) {
        return of(reading, path, node, lineOf(node));
    }

    private static Section of(Reading reading, String path, Node node, int line) {
        var section = new Section(reading, path, line);
        if (!(node instanceof MappingNode mapping)) {
            reading.problem(
                    lineOf(node),
                    (path.isEmpty() ? "the file" : path) + ": keys and values, as 'key: value'");
            return section;
        }
        for (var tuple : mapping.getValue()) {
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                reading.problem(lineOf(tuple.getKeyNode()), "a key must be a word");
                continue;
            }
            if (section.values.put(key.getValue(), tuple.getValueNode()) != null) {
                reading.problem(lineOf(key), section.name(key.getValue()) + ": stands here twice");
            }
            section.lines.put(key.getValue(), lineOf(key));
        }
        return section;
    }

    static Section empty(Reading reading) {
        return new Section(reading, "", 1);
    }

    static int lineOf(Node node) {
        return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(1);
    }

    /// A key with all that stands above it.
    String name(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    boolean has(String key) {
        return found(key) != null;
    }

    /// Whether it holds keys of its own.
    boolean isSection(String key) {
        return found(key) instanceof MappingNode;
    }

    Optional<String> text(String key) {
        var node = found(key);
        if (node == null) {
            return Optional.empty();
        }
        if (node instanceof ScalarNode scalar) {
            return Optional.of(scalar.getValue());
        }
        reading.problem(lineOf(node), name(key) + ": one value, not a list and no keys");
        return Optional.empty();
    }

    /// A text that must be there.
    Optional<String> required(String key) {
        if (!has(key)) {
            reading.problem(line, name(key) + ": missing");
        }
        return text(key);
    }

    /// A value that is made from its text; what the function refuses is a problem.
    <T> Optional<T> value(String key, String allowed, Function<String, Optional<T>> read) {
        var text = text(key);
        var value = text.flatMap(read);
        if (text.isPresent() && value.isEmpty()) {
            reading.problem(lineOf(key), name(key), text.get(), allowed);
        }
        return value;
    }

    Optional<Boolean> flag(String key) {
        return value(key, "true or false", Amounts::flag);
    }

    Optional<Long> number(String key, long least, long most) {
        return value(key, least + " to " + most, text -> Amounts.number(text, least, most));
    }

    /// `64MB`, `300kB`, `1024`
    Optional<Long> bytes(String key, long least, long most) {
        return value(
                key, Amounts.bytesInWords(least, most), text -> Amounts.bytes(text, least, most));
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
                key, "a path", text -> Optional.of(text).filter(Key::isPath).map(reading::beside));
    }

    /// A value that must not stand in the file: `env:NAME` or `file:PATH`; else as it stands.
    Optional<String> secret(String key) {
        reading.markSecret(name(key));
        return text(key)
                .flatMap(
                        text ->
                                reading.secret(
                                        text,
                                        reading.beside("."),
                                        allowed -> problem(key, text, allowed)));
    }

    /// One text or a list of them.
    List<String> texts(String key) {
        var texts = new ArrayList<String>();
        if (found(key) instanceof SequenceNode sequence) {
            for (var node : sequence.getValue()) {
                if (node instanceof ScalarNode scalar) {
                    texts.add(scalar.getValue());
                } else {
                    reading.problem(lineOf(node), name(key) + ": a list of single values");
                }
            }
            return texts;
        }
        text(key).ifPresent(texts::add);
        return texts;
    }

    Optional<Section> section(String key) {
        var node = found(key);
        return node == null
                ? Optional.empty()
                : Optional.of(of(reading, name(key), node, lineOf(key)));
    }

    /// One mapping or a list of them.
    List<Section> list(String key) {
        var node = found(key);
        if (!(node instanceof SequenceNode sequence)) {
            return section(key).stream().toList();
        }
        return sequence.getValue().stream().map(one -> of(reading, name(key), one)).toList();
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
            reading.problem(lineOf(key), name(key) + ": " + e.getMessage());
            return Optional.empty();
        }
    }

    /// What is made from several keys; a refusal is a problem of this section.
    <T> Optional<T> made(Supplier<T> make) {
        try {
            return Optional.of(make.get());
        } catch (CamspoolException e) {
            reading.problem(line, (path.isEmpty() ? "" : path + ": ") + e.getMessage());
            return Optional.empty();
        }
    }

    /// Where a key stands.
    Origin origin(String key) {
        return reading.at(lineOf(key));
    }

    /// A value that can't be used for a reason that only its reader knows.
    void problem(String key, Object value, String allowed) {
        reading.problem(lineOf(key), name(key), value, allowed);
    }

    /// A key that must not stand here, whatever its value.
    void problem(String key, String allowed) {
        reading.problem(lineOf(key), name(key) + ": " + allowed);
    }

    /// Names the keys that nobody has asked for.
    void end() {
        for (var key : values.keySet()) {
            if (!known.contains(key)) {
                var hint =
                        NearestWord.meant(key, known)
                                .map(word -> "did you mean '" + word + "'?")
                                .orElse("known are " + String.join(", ", known));
                reading.problem(lineOf(key), name(key) + ": unknown key; " + hint);
            }
        }
    }

    private @Nullable Node found(String key) {
        known.add(key);
        return values.get(key);
    }

    /// What stands below a key, as it is.
    Optional<Node> node(String key) {
        return Optional.ofNullable(found(key));
    }

    private int lineOf(String key) {
        return lines.getOrDefault(key, line);
    }
}
