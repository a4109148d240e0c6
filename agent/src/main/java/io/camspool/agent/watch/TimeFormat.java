package io.camspool.agent.watch;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/// A time in a path, as `java.time` describes it, of digits of a fixed number: `yyyy` or `yy`,
/// `MM`, `dd`, `DDD`, `HH`, `mm`, `ss`, `S` to `SSSSSSSSS`; other letters in `'quotes'`, all else
/// as it is.
///
/// @param format for a [DateTimeFormatter]
/// @param shape one character a character: a digit where it is `0`, else itself
record TimeFormat(String format, String shape) {
    /// Between the texts of several times; in no path that is matched here.
    static final String SEPARATOR = "\n";

    private static final Pattern FIELD =
            Pattern.compile("yyyy|yy|uuuu|uu|MM|dd|DDD|HH|mm|ss|S{1,9}");

    /// Distinct in each field.
    private static final LocalDateTime SAMPLE = LocalDateTime.of(2031, 10, 27, 23, 58, 41);

    /// Throws an [IllegalArgumentException] that says what is wrong.
    static TimeFormat of(String text) {
        var format = new StringBuilder();
        var shape = new StringBuilder();
        var field = FIELD.matcher(text);
        for (var at = 0; at < text.length(); ) {
            var next = text.charAt(at);
            var run = runEnd(text, at);
            if (next == '\'') {
                var end = text.indexOf('\'', at + 1);
                if (end < 0) {
                    throw new IllegalArgumentException("a ' without its end");
                }
                shape.append(text, at + 1, end);
                format.append(quoted(text.substring(at + 1, end)));
                at = end + 1;
            } else if (isLetter(next)) {
                if (!field.region(at, run).matches()) {
                    throw new IllegalArgumentException(
                            "%s in a time; known are yyyy, yy, MM, dd, DDD, HH, mm, ss and S to SSSSSSSSS"
                                    .formatted(text.substring(at, run)));
                }
                shape.append("0".repeat(run - at));
                // The year as such, which needs no era.
                format.append(text.substring(at, run).replace('y', 'u'));
                at = run;
            } else if (Character.isDigit(next)) {
                throw new IllegalArgumentException("a digit in the format of a time");
            } else {
                shape.append(next);
                format.append(quoted(String.valueOf(next)));
                at++;
            }
        }
        return new TimeFormat(format.toString(), shape.toString());
    }

    private static String quoted(String literal) {
        if (literal.chars().anyMatch(Character::isDigit)) {
            throw new IllegalArgumentException("a digit in the format of a time");
        }
        return literal.isEmpty() ? "" : "'" + literal + "'";
    }

    private static int runEnd(String text, int at) {
        var end = at;
        while (end < text.length() && text.charAt(end) == text.charAt(at)) {
            end++;
        }
        return end;
    }

    private static boolean isLetter(char character) {
        return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z');
    }

    /// Where a time that begins here ends; -1 where there is none.
    int end(String path, int at) {
        if (at + shape.length() > path.length()) {
            return -1;
        }
        for (var i = 0; i < shape.length(); i++) {
            var wanted = shape.charAt(i);
            var found = path.charAt(at + i);
            if (wanted == '0' ? found < '0' || found > '9' : found != wanted) {
                return -1;
            }
        }
        return at + shape.length();
    }

    /// Reads the texts of several times that are one, with the separator between them.
    static DateTimeFormatter formatter(List<TimeFormat> formats) {
        var builder = new DateTimeFormatterBuilder();
        for (var i = 0; i < formats.size(); i++) {
            if (i > 0) {
                builder.appendLiteral(SEPARATOR);
            }
            builder.append(DateTimeFormatter.ofPattern(formats.get(i).format, Locale.ROOT));
        }
        if (formats.stream().noneMatch(format -> format.format.contains("ss"))) {
            builder.parseDefaulting(ChronoField.SECOND_OF_MINUTE, 0);
        }
        return builder.toFormatter(Locale.ROOT).withResolverStyle(ResolverStyle.STRICT);
    }

    /// Whether what it reads is a day and a time of that day.
    static boolean isWhole(DateTimeFormatter times) {
        try {
            LocalDateTime.parse(times.format(SAMPLE), times);
            return true;
        } catch (DateTimeException _) {
            return false;
        }
    }
}
