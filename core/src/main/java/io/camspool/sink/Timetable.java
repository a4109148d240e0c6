package io.camspool.sink;

import io.camspool.CamspoolException;
import java.time.DayOfWeek;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/// How many bytes a second may be sent at what time of the week, in rclone's notation.
///
/// `512k` holds always; `08:00,512k 19:00,10M 23:00,off` each day from these times on;
/// `Mon-08:00,512k Sat-00:00,off` from these times of the week on. `off` is no limit. A number
/// without a suffix counts KiB a second, `B`, `K`, `M`, `G` say otherwise, in powers of 1,024.
public final class Timetable {
    /// Never a limit.
    public static final Timetable OFF = new Timetable("off", List.of());

    private static final int MAX_ENTRIES = 200;
    private static final int MINUTES_A_DAY = 24 * 60;
    private static final long NO_LIMIT = 0;
    private static final Pattern RATE =
            Pattern.compile("([0-9]{1,9})(?:\\.([0-9]{1,3}))?([bkmg]?)");
    private static final Pattern TIME =
            Pattern.compile("(?:([A-Za-z]{3,9})-)?([0-9]{1,2}):([0-9]{2})");
    private static final Map<String, Long> UNITS =
            Map.of("b", 1L, "", 1L << 10, "k", 1L << 10, "m", 1L << 20, "g", 1L << 30);

    private final String text;
    private final List<Entry> week;

    /// @param minute of the week, from Monday
    private record Entry(int minute, long bytesASecond) {}

    private Timetable(String text, List<Entry> week) {
        this.text = text;
        this.week = week;
    }

    /// Reads one; what can't be read throws with reason INVALID.
    public static Timetable parse(String text) {
        var entries = text.strip().split("\\s+", -1);
        if (entries.length == 1 && !entries[0].contains(",")) {
            return new Timetable(text, List.of(new Entry(0, rate(entries[0]))));
        }
        if (entries.length > MAX_ENTRIES) {
            throw invalid(entries.length + " entries", "at most " + MAX_ENTRIES);
        }
        var week = new ArrayList<Entry>();
        for (var entry : entries) {
            var parts = entry.split(",", -1);
            if (parts.length != 2) {
                throw invalid(entry, "TIME,RATE as in 08:00,512k or Mon-08:00,off");
            }
            for (var minute : minutes(parts[0])) {
                week.add(new Entry(minute, rate(parts[1])));
            }
        }
        week.sort(Comparator.comparingInt(Entry::minute));
        return new Timetable(text, List.copyOf(week));
    }

    private static List<Integer> minutes(String time) {
        var parts = TIME.matcher(time);
        if (!parts.matches()
                || Integer.parseInt(parts.group(2)) > 23
                || Integer.parseInt(parts.group(3)) > 59) {
            throw invalid(time, "a time as 08:00 or Mon-08:00");
        }
        var ofDay = Integer.parseInt(parts.group(2)) * 60 + Integer.parseInt(parts.group(3));
        var minutes = new ArrayList<Integer>();
        for (var day : DayOfWeek.values()) {
            if (parts.group(1) == null || isNamed(day, parts.group(1))) {
                minutes.add((day.getValue() - 1) * MINUTES_A_DAY + ofDay);
            }
        }
        if (minutes.isEmpty()) {
            throw invalid(time, "a day as Mon or Monday before the time");
        }
        return minutes;
    }

    private static boolean isNamed(DayOfWeek day, String name) {
        var upper = name.toUpperCase(Locale.ROOT);
        return day.name().equals(upper) || day.name().substring(0, 3).equals(upper);
    }

    private static long rate(String text) {
        var lower = text.toLowerCase(Locale.ROOT);
        if (lower.equals("off")) {
            return NO_LIMIT;
        }
        var parts = RATE.matcher(lower);
        if (!parts.matches()) {
            throw invalid(text, "off, or a rate as 512k, 1.5M or 10M bytes a second");
        }
        var unit = UNITS.getOrDefault(parts.group(3), 1L);
        var thousandths =
                parts.group(2) == null
                        ? 0
                        : Long.parseLong((parts.group(2) + "00").substring(0, 3));
        var rate = Long.parseLong(parts.group(1)) * unit + thousandths * unit / 1_000;
        if (rate < 1) {
            throw invalid(text, "at least 1B a second; pause a sink to send nothing");
        }
        return rate;
    }

    private static CamspoolException invalid(Object value, String allowed) {
        return CamspoolException.invalid("bandwidth", value, allowed);
    }

    /// Bytes a second at this time of the site; empty: no limit.
    public OptionalLong bytesASecond(LocalDateTime time) {
        if (week.isEmpty()) {
            return OptionalLong.empty();
        }
        var now =
                (time.getDayOfWeek().getValue() - 1) * MINUTES_A_DAY + minuteOf(time.toLocalTime());
        // Before the first entry of a week the last one of the week before holds.
        var holds = week.getLast();
        for (var entry : week) {
            if (entry.minute <= now) {
                holds = entry;
            }
        }
        return holds.bytesASecond == NO_LIMIT
                ? OptionalLong.empty()
                : OptionalLong.of(holds.bytesASecond);
    }

    private static int minuteOf(LocalTime time) {
        return time.getHour() * 60 + time.getMinute();
    }

    @Override
    public String toString() {
        return text;
    }
}
