package io.camspool.agent.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// One key of the configuration that has a single value.
///
/// @param name with a dot where it stands below another: `intake.memory`
/// @param fallback the value where nobody gives one, as it would be written; blank: there is none
/// @param about what it is, in one line of the reference
/// @param allowed for people
/// @param read empty where the text is not allowed
record Key<T>(
        String name,
        String fallback,
        String about,
        String allowed,
        Kind kind,
        Function<String, Optional<T>> read) {
    /// How a text is to be taken before it is read.
    enum Kind {
        PLAIN,
        /// One text, or a list of them.
        LIST,
        /// A path, beside the file where it is relative.
        PATH,
        /// Shown to nobody; may stand in a file or in the environment.
        SECRET
    }

    private static final String ANY = "a text that is not blank";

    static Key<String> text(String name, String fallback, String about) {
        return plain(name, fallback, about, ANY, text -> Optional.of(text).filter(Key::isText));
    }

    static <T> Key<T> plain(
            String name,
            String fallback,
            String about,
            String allowed,
            Function<String, Optional<T>> read) {
        return new Key<>(name, fallback, about, allowed, Kind.PLAIN, read);
    }

    static Key<String> secret(String name, String about) {
        return new Key<>(
                name, "", about, ANY, Kind.SECRET, text -> Optional.of(text).filter(Key::isText));
    }

    static Key<Path> path(String name, String fallback, String about) {
        return new Key<>(
                name,
                fallback,
                about,
                "a path",
                Kind.PATH,
                text -> Optional.of(text).filter(Key::isPath).map(Path::of));
    }

    /// Texts, with commas between them where they stand in one.
    static Key<List<String>> texts(String name, String fallback, String about) {
        return new Key<>(
                name,
                fallback,
                about,
                "a list of texts, or one with commas",
                Kind.LIST,
                text ->
                        Optional.of(
                                        Arrays.stream(text.split(","))
                                                .map(String::strip)
                                                .filter(Predicate.not(String::isEmpty))
                                                .toList())
                                .filter(Predicate.not(List::isEmpty)));
    }

    static Key<Boolean> flag(String name, boolean fallback, String about) {
        return plain(name, String.valueOf(fallback), about, "true or false", Amounts::flag);
    }

    static Key<Integer> number(String name, int least, int most, int fallback, String about) {
        return plain(
                name,
                String.valueOf(fallback),
                about,
                least + " to " + most,
                text -> Amounts.number(text, least, most).map(Math::toIntExact));
    }

    static Key<Long> bytes(String name, long least, long most, String fallback, String about) {
        return plain(
                name,
                fallback,
                about,
                Amounts.bytesInWords(least, most),
                text -> Amounts.bytes(text, least, most));
    }

    static Key<Duration> duration(String name, String fallback, String about) {
        return plain(name, fallback, about, Amounts.DURATION, Amounts::duration);
    }

    /// A duration, or a word in its place, which stands for none.
    static Key<Optional<Duration>> durationOr(
            String word, String name, String fallback, String about) {
        return plain(
                name,
                fallback,
                about,
                word + ", or " + Amounts.DURATION,
                text -> {
                    if (text.equals(word)) {
                        return Optional.of(Optional.empty());
                    }
                    var time = Amounts.duration(text);
                    return time.isPresent() ? Optional.of(time) : Optional.empty();
                });
    }

    /// One of the constants, written in lower case.
    static <E extends Enum<E>> Key<E> word(
            String name, Class<E> type, String fallback, String about) {
        return plain(
                name,
                fallback,
                about,
                Arrays.stream(type.getEnumConstants())
                        .map(Key::inWords)
                        .collect(Collectors.joining(", ")),
                text ->
                        Stream.of(type.getEnumConstants())
                                .filter(each -> inWords(each).equals(text))
                                .findFirst());
    }

    private static boolean isText(String text) {
        return !text.isBlank();
    }

    /// Blank is none: Java takes that for the current folder.
    static boolean isPath(String text) {
        try {
            return isText(text) && !Path.of(text).toString().isEmpty();
        } catch (InvalidPathException _) {
            return false;
        }
    }

    private static String inWords(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// The variable that sets it: `CAMSPOOL_INTAKE_MEMORY`.
    String variable() {
        return variable(name);
    }

    static String variable(String name) {
        return Keys.PREFIX + name.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }

    /// The key that it stands below; blank at the top.
    String group() {
        return name.substring(0, Math.max(0, name.indexOf('.')));
    }

    /// Its name below its group.
    String own() {
        return name.substring(name.indexOf('.') + 1);
    }
}
