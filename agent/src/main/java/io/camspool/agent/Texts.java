package io.camspool.agent;

import io.camspool.Amounts;
import io.camspool.Balance.Amount;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// How figures and tables are shown to people.
final class Texts {
    private static final String[] UNITS = {"B", "kB", "MB", "GB", "TB"};

    /// Control characters of ASCII and beyond; the latter move the cursor too.
    private static final Pattern CONTROL = Pattern.compile("\\p{Cc}");

    /// The widest that a name may be in a table.
    private static final int CELL_COLUMNS = 40;

    private Texts() {}

    /// `3.1 MB`
    static String bytes(long bytes) {
        var amount = (double) bytes;
        var unit = 0;
        while (amount >= 999.5 && unit < UNITS.length - 1) {
            amount /= 1000;
            unit++;
        }
        return unit == 0
                ? bytes + " B"
                : String.format(
                        Locale.ROOT, amount < 10 ? "%.1f %s" : "%.0f %s", amount, UNITS[unit]);
    }

    /// `1 item`, `2 items`
    static String count(long count, String noun) {
        return count + " " + noun + (count == 1 ? "" : "s");
    }

    /// `2 captures (3.1 MB) and 1 alert (11 B)`
    static String amounts(Amounts amounts) {
        return amount(amounts.captures(), "capture") + " and " + amount(amounts.alerts(), "alert");
    }

    private static String amount(Amount amount, String noun) {
        return count(amount.items(), noun)
                + (amount.items() == 0 ? "" : " (" + bytes(amount.bytes()) + ")");
    }

    /// `3 h`, `12 min`, `8 s`
    static String duration(Duration duration) {
        if (duration.toDays() >= 2) {
            return duration.toDays() + " d";
        }
        if (duration.toHours() >= 2) {
            return duration.toHours() + " h";
        }
        return duration.toMinutes() >= 2
                ? duration.toMinutes() + " min"
                : duration.toSeconds() + " s";
    }

    /// Names come from the world: nothing in them may move the cursor.
    static String oneLine(String name) {
        return CONTROL.matcher(name)
                .replaceAll(found -> Matcher.quoteReplacement(shown(found.group())));
    }

    private static String shown(String control) {
        return switch (control) {
            case "\n" -> "\\n";
            case "\r" -> "\\r";
            case "\t" -> "\\t";
            default -> "\\u%04x".formatted((int) control.charAt(0));
        };
    }

    /// A name on one line, cut off where it would push a table apart.
    static String cell(String name) {
        var line = oneLine(name);
        if (width(line) <= CELL_COLUMNS) {
            return line;
        }
        var end = 0;
        var columns = 1; // of the ellipsis
        while (columns + width(line.codePointAt(end)) <= CELL_COLUMNS) {
            columns += width(line.codePointAt(end));
            end = line.offsetByCodePoints(end, 1);
        }
        return line.substring(0, end) + "…";
    }

    /// Rows in columns as wide as their widest cell; wide characters count as two.
    static String table(List<List<String>> rows) {
        var widths = new int[rows.getFirst().size()];
        for (var row : rows) {
            for (var i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], width(row.get(i)));
            }
        }
        var lines = new StringJoiner(System.lineSeparator());
        for (var row : rows) {
            var line = new StringBuilder();
            for (var i = 0; i < widths.length; i++) {
                line.append(row.get(i)).append(" ".repeat(widths[i] - width(row.get(i)) + 2));
            }
            lines.add(line.toString().stripTrailing());
        }
        return lines.toString();
    }

    private static int width(String text) {
        return text.codePoints().map(Texts::width).sum();
    }

    private static int width(int point) {
        return isWide(point) ? 2 : 1;
    }

    private static boolean isWide(int point) {
        return Character.isIdeographic(point)
                || (point >= 0x3000 && point <= 0x30FF)
                || (point >= 0xAC00 && point <= 0xD7A3)
                || (point >= 0xFF00 && point <= 0xFF60)
                || point >= 0x1F000;
    }
}
