package io.camspool.agent;

import io.camspool.CamspoolException;
import io.camspool.CamspoolException.Reason;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Supplier;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.MutuallyExclusiveArgsException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/// What is wrong with a command line, in the words that all other refusals have.
final class UsageErrors {
    private UsageErrors() {}

    /// Never blank: Java takes that for the current folder.
    static Path path(String text) {
        if (text.isBlank()) {
            throw new TypeConversionException("a path");
        }
        return Path.of(text);
    }

    /// Has what a value refuses named as the option that gave it.
    static <T> T naming(String option, Supplier<T> value) {
        try {
            return value.get();
        } catch (CamspoolException e) {
            var message = String.valueOf(e.getMessage());
            throw e.reason() == Reason.INVALID
                    ? new CamspoolException(
                            Reason.INVALID, option + message.substring(message.indexOf(':')), e)
                    : e;
        }
    }

    static String inWords(ParameterException failure) {
        var argument = failure.getArgSpec();
        if (argument != null && failure.getValue() != null) {
            return String.valueOf(
                    CamspoolException.invalid(name(argument), failure.getValue(), allowed(argument))
                            .getMessage());
        }
        return switch (failure) {
            case UnmatchedArgumentException unknown -> inWords(unknown);
            case MutuallyExclusiveArgsException both ->
                    String.valueOf(both.getMessage())
                            .replaceFirst(
                                    "^Error: (.*) are mutually exclusive.*",
                                    "$1: only one of them is allowed");
            default -> inLowerCase(String.valueOf(failure.getMessage()));
        };
    }

    private static String inWords(UnmatchedArgumentException unknown) {
        var first = unknown.getUnmatched().getFirst();
        if (unknown.isUnknownOption()) {
            return "unknown option '" + first + "'";
        }
        var takesCommands = !unknown.getCommandLine().getSubcommands().isEmpty();
        return (takesCommands ? "unknown command '" : "one argument too many: '") + first + "'";
    }

    private static String name(ArgSpec argument) {
        return argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
    }

    private static String allowed(ArgSpec argument) {
        var type = argument.auxiliaryTypes()[0];
        if (argument.typeInfo().isMap()) {
            return argument.paramLabel();
        }
        return Number.class.isAssignableFrom(type) || type == int.class
                ? "a whole number"
                : "a path";
    }

    private static String inLowerCase(String sentence) {
        return sentence.substring(0, 1).toLowerCase(Locale.ROOT) + sentence.substring(1);
    }
}
