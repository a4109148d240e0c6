package io.camspool.agent.config;

import io.camspool.CamspoolException;
import io.camspool.NearestWord;
import io.camspool.agent.config.Origin.Source;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// What is said of each key: a flag goes before the environment, that before the file, that before
/// the default. What can't be used is a problem and counts as absent.
final class Values {
    private final Reading reading;
    private final Section top;
    private final Map<String, Section> groups = new LinkedHashMap<>();
    private final Map<String, Given> flags;
    private final Map<String, String> environment;
    private final Path folder;

    /// The text of a value, and who gave it.
    record Given(String text, Origin origin) {}

    /// A key as the file has it: in short, or in its group.
    private record Place(Section section, String key) {}

    /// @param flags what the command line says, by the names of keys
    /// @param environment without blank variables
    /// @param folder that relative paths of flags and environment begin in
    Values(
            Reading reading,
            Section top,
            Map<String, Given> flags,
            Map<String, String> environment,
            Path folder) {
        this.reading = reading;
        this.top = top;
        this.flags = flags;
        this.environment = environment;
        this.folder = folder.toAbsolutePath();
        for (var group : Keys.groups()) {
            if (Keys.named(group).isEmpty() || top.isSection(group)) {
                top.section(group).ifPresent(section -> groups.put(group, section));
            }
        }
        flags.values().forEach(given -> reading.markVariables(given.text()));
        environment.forEach(
                (name, text) -> {
                    if (name.startsWith(Keys.PREFIX)) {
                        reading.markVariables(text);
                    }
                });
    }

    Reading reading() {
        return reading;
    }

    Section top() {
        return top;
    }

    /// Who says what; the default where nobody does, empty where there is none.
    Optional<Given> given(Key<?> key) {
        return said(key)
                .or(
                        () ->
                                Optional.of(key.fallback())
                                        .filter(text -> !text.isEmpty())
                                        .map(text -> new Given(text, Origin.DEFAULT)));
    }

    private Optional<Given> said(Key<?> key) {
        for (var name : Keys.names(key)) {
            if (flags.containsKey(name)) {
                return Optional.ofNullable(flags.get(name));
            }
        }
        for (var name : Keys.names(key)) {
            var variable = Key.variable(name);
            if (environment.containsKey(variable)) {
                return Optional.of(
                        new Given(
                                environment.getOrDefault(variable, ""), Origin.variable(variable)));
            }
        }
        return place(key).flatMap(place -> inFile(key, place));
    }

    private static Optional<Given> inFile(Key<?> key, Place place) {
        var origin = place.section().origin(place.key());
        if (key.kind() == Key.Kind.LIST) {
            return Optional.of(
                    new Given(String.join(", ", place.section().texts(place.key())), origin));
        }
        return place.section().text(place.key()).map(text -> new Given(text, origin));
    }

    private Optional<Place> place(Key<?> key) {
        if (key.group().isEmpty()) {
            return place(top, key.name());
        }
        var group = groups.get(key.group());
        if (group != null) {
            return place(group, key.own());
        }
        return Keys.names(key).contains(key.group()) ? place(top, key.group()) : Optional.empty();
    }

    private static Optional<Place> place(Section section, String key) {
        return section.has(key) ? Optional.of(new Place(section, key)) : Optional.empty();
    }

    /// The value; each key is to be asked for once, as each time says what is wrong with it.
    <T> Optional<T> get(Key<T> key) {
        return given(key).flatMap(given -> read(key, given));
    }

    /// The value of a key that has a default, which also stands in for what is wrong.
    <T> T need(Key<T> key) {
        return get(key).or(() -> key.read().apply(key.fallback())).orElseThrow();
    }

    private <T> Optional<T> read(Key<T> key, Given given) {
        var text =
                switch (key.kind()) {
                    case PLAIN, LIST -> Optional.of(given.text());
                    case PATH -> Optional.of(absolute(given));
                    case SECRET ->
                            reading.secret(
                                    given.text(),
                                    base(given),
                                    allowed -> refuse(key, given, given.text(), allowed));
                };
        var value = text.flatMap(key.read());
        if (text.isPresent() && value.isEmpty()) {
            var shown = key.kind() == Key.Kind.SECRET ? Shown.MASKED : given.text();
            refuse(key, given, shown, key.allowed());
        }
        return value;
    }

    /// What is no path stays as it is.
    String absolute(Given given) {
        return Key.isPath(given.text())
                ? base(given).resolve(given.text()).normalize().toString()
                : given.text();
    }

    private Path base(Given given) {
        return given.origin().source() == Source.FILE ? reading.beside(".") : folder;
    }

    private void refuse(Key<?> key, Given given, Object value, String allowed) {
        problem(key, given, words(CamspoolException.invalid(key.name(), value, allowed)));
    }

    /// What a refusal says after the name of what it refuses.
    private static String words(CamspoolException refusal) {
        var message = String.valueOf(refusal.getMessage());
        return message.substring(message.indexOf(": ") + 2);
    }

    private void problem(Key<?> key, Given given, String words) {
        var place = place(key);
        if (given.origin().source() == Source.FILE && place.isPresent()) {
            place.get().section().problem(place.get().key(), words);
        } else {
            var where = given.origin().where();
            reading.problems().add((where.equals("default") ? key.name() : where) + ": " + words);
        }
    }

    /// A value that can't stand beside others.
    void problem(Key<?> key, Object value, String allowed) {
        given(key).ifPresent(given -> refuse(key, given, value, allowed));
    }

    /// What is made from several keys; a refusal is a problem of the key that it names.
    <T> Optional<T> made(Supplier<T> make) {
        try {
            return Optional.of(make.get());
        } catch (CamspoolException e) {
            var message = String.valueOf(e.getMessage());
            var key = Keys.named(message.substring(0, Math.max(0, message.indexOf(':'))));
            if (key.isPresent()) {
                problem(
                        key.get(),
                        given(key.get()).orElse(new Given("", Origin.DEFAULT)),
                        words(e));
            } else {
                reading.problem(1, message);
            }
            return Optional.empty();
        }
    }

    /// Names all keys and variables that are not known.
    void end() {
        for (var key : Keys.ALL) {
            var group = key.group().isEmpty() ? top : groups.get(key.group());
            if (group != null) {
                group.has(key.own());
            }
        }
        Keys.ONLY_IN_FILE.forEach(top::has);
        groups.values().forEach(Section::end);
        top.end();
        flags.forEach(
                (name, given) -> {
                    if (Keys.named(name).isEmpty()) {
                        reading.problems().add(given.origin().where() + ": " + unknownKey(name));
                    }
                });
        environment.keySet().stream()
                .filter(name -> name.startsWith(Keys.PREFIX) && !isKnown(name))
                .sorted()
                .forEach(name -> reading.problems().add(name + ": " + unknownVariable(name)));
    }

    private boolean isKnown(String variable) {
        return Keys.names().stream().map(Key::variable).anyMatch(variable::equals)
                || Keys.OTHER_VARIABLES.contains(variable)
                || reading.isVariable(variable);
    }

    private static String unknownKey(String name) {
        for (var inFile : Keys.ONLY_IN_FILE) {
            if (name.equals(inFile) || name.startsWith(inFile + ".")) {
                return "only the file can hold " + inFile;
            }
        }
        return "unknown key"
                + NearestWord.meant(name, Keys.names())
                        .map(word -> "; did you mean '" + word + "'?")
                        .orElse("; known are " + String.join(", ", Keys.names()));
    }

    private static String unknownVariable(String name) {
        var own = name.substring(Keys.PREFIX.length());
        for (var inFile : Keys.ONLY_IN_FILE) {
            if (own.equals(Key.variable(inFile).substring(Keys.PREFIX.length()))) {
                return "only the file can hold " + inFile;
            }
        }
        var known = new ArrayList<String>();
        Keys.names().forEach(key -> known.add(Key.variable(key).substring(Keys.PREFIX.length())));
        return "unknown variable"
                + NearestWord.meant(own, List.copyOf(known))
                        .map(word -> "; did you mean '" + Keys.PREFIX + word + "'?")
                        .orElse("; those of keys are as CAMSPOOL_INTAKE_MEMORY for intake.memory");
    }
}
