package io.camspool.agent;

import java.io.Console;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// The terminal that this process talks to, if it does.
public final class Terminal {
    private Terminal() {}

    /// Whether a person watches, so that lines may be drawn anew.
    public static boolean isInteractive() {
        return console().filter(Console::isTerminal).isPresent();
    }

    public static Charset charset() {
        return console().map(Console::charset).orElse(StandardCharsets.UTF_8);
    }

    @SuppressWarnings("SystemConsoleNull") // the JDK's documentation allows null
    private static Optional<Console> console() {
        return Optional.ofNullable(System.console());
    }
}
