package io.camspool.agent.config;

import io.camspool.CamspoolException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/// What all sections of one file share: where it is, the environment that secrets may stand in, the
/// problems, and which names turned out to be secrets.
final class Reading {
    /// A key file or token file is no larger.
    private static final long MAX_SECRET_BYTES = 64_000;

    private static final String IN_VARIABLE = "env:";
    private static final String IN_FILE = "file:";

    private static final Pattern VARIABLE = Pattern.compile("\\b" + IN_VARIABLE + "(\\w+)");

    private final Path file;
    private final Map<String, String> environment;
    private final Problems problems = new Problems();
    private final Set<String> secrets = new HashSet<>();
    private final Set<String> variables = new HashSet<>();

    Reading(Path file, Map<String, String> environment) {
        this.file = file;
        this.environment = Map.copyOf(environment);
    }

    Problems problems() {
        return problems;
    }

    Origin at(int line) {
        return new Origin(Origin.Source.FILE, file + ":" + line);
    }

    /// A path as the file means it.
    Path beside(String path) {
        return file.toAbsolutePath().resolveSibling(path).normalize();
    }

    /// @param line from 1
    void problem(int line, String words) {
        problems.add(file, line, words);
    }

    /// Names key, value and what is allowed.
    void problem(int line, String key, Object value, String allowed) {
        problem(line, String.valueOf(CamspoolException.invalid(key, value, allowed).getMessage()));
    }

    /// Remembers the variables that a text names as the places of secrets.
    void markVariables(String text) {
        VARIABLE.matcher(text).results().forEach(found -> variables.add(found.group(1)));
    }

    boolean isVariable(String name) {
        return variables.contains(name);
    }

    /// Remembers that what stands under this name is shown to nobody.
    void markSecret(String name) {
        secrets.add(name);
    }

    boolean isSecret(String name) {
        return secrets.contains(name);
    }

    /// Whether a text only says where a secret stands.
    static boolean isReference(String text) {
        return text.startsWith(IN_VARIABLE) || text.startsWith(IN_FILE);
    }

    /// A secret as it stands, or from where its text says that it is.
    ///
    /// @param beside the folder of relative paths
    /// @param refuse told what is allowed, where it can't be had
    Optional<String> secret(String text, Path beside, Consumer<String> refuse) {
        if (text.startsWith(IN_VARIABLE)) {
            var found = Optional.ofNullable(environment.get(text.substring(IN_VARIABLE.length())));
            if (found.isEmpty()) {
                refuse.accept("a variable that is set");
            }
            return found;
        }
        return text.startsWith(IN_FILE)
                ? secretIn(beside.resolve(text.substring(IN_FILE.length())), refuse)
                : Optional.of(text);
    }

    private static Optional<String> secretIn(Path file, Consumer<String> refuse) {
        try {
            if (Files.size(file) <= MAX_SECRET_BYTES) {
                return Optional.of(Files.readString(file).strip());
            }
        } catch (IOException _) {
            // named below
        }
        refuse.accept("a file that can be read, at most 64 kB");
        return Optional.empty();
    }
}
