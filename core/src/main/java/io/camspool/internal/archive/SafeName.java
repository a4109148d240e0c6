package io.camspool.internal.archive;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/// Makes any text a readable part of a file name that every file system takes: Unicode kept and
/// NFC-normalised; separators, control, reserved and direction-changing characters replaced by `_`;
/// length bounded in bytes. Two texts may give the same name: what tells them apart is the item id
/// beside it.
final class SafeName {
    private static final String RESERVED = "/\\:*?\"<>|%_";
    private static final Pattern DEVICE =
            Pattern.compile("CON|PRN|AUX|NUL|CONIN\\$|CONOUT\\$|(COM|LPT)[0-9¹²³]");

    private SafeName() {}

    static String of(String text, int maxBytes) {
        var name = new StringBuilder();
        var bytes = 0;
        var points = Normalizer.normalize(text, Normalizer.Form.NFC).codePoints().toArray();
        for (var point : points) {
            var safe = isSafe(point) && !(point == '.' && name.isEmpty()) ? point : '_';
            bytes += Character.toString(safe).getBytes(StandardCharsets.UTF_8).length;
            if (bytes > maxBytes) {
                break;
            }
            name.appendCodePoint(safe);
        }
        var stem = name.toString().split("\\.", 2)[0].strip().toUpperCase(Locale.ROOT);
        return DEVICE.matcher(stem).matches() ? of("_" + text, maxBytes) : name.toString();
    }

    /// As [#of], with 8 digits that stand for the whole text where that had to be changed.
    static String distinct(String text, int maxBytes) {
        var safe = of(text, maxBytes);
        if (safe.equals(text)) {
            return safe;
        }
        var crc = new CRC32();
        crc.update(text.getBytes(StandardCharsets.UTF_8));
        var mark = "~%08x".formatted(crc.getValue());
        return of(text, maxBytes - mark.length()) + mark;
    }

    private static boolean isSafe(int point) {
        if (RESERVED.indexOf(point) >= 0) {
            return point == '_';
        }
        return switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.SURROGATE,
                    Character.UNASSIGNED,
                    Character.PRIVATE_USE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR ->
                    false;
            case Character.FORMAT -> point == 0x200D; // joins emoji
            default -> true;
        };
    }
}
