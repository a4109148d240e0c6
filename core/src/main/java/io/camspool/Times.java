package io.camspool;

import java.time.Instant;

/// The range of times that a file name of four-digit years can carry.
final class Times {
    private static final Instant FIRST = Instant.parse("1970-01-01T00:00:00Z");
    private static final Instant LAST = Instant.parse("9999-12-30T00:00:00Z");

    private Times() {}

    static void checked(Instant time) {
        if (time.isBefore(FIRST) || time.isAfter(LAST)) {
            throw CamspoolException.invalid("time", time, FIRST + " to " + LAST);
        }
    }
}
