package io.camspool.agent;

import io.camspool.CamspoolException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;

/// Reads times as people type them.
final class TimeOption {
    private TimeOption() {}

    /// An instant (`2026-11-23T12:00:00Z`, or as `ls` shows it), or a date and time of this
    /// machine's zone (`2026-11-23T12:00`).
    static Instant parse(String option, String text) {
        var iso = text.replace(' ', 'T');
        try {
            return Instant.parse(iso);
        } catch (DateTimeParseException _) {
            try {
                return LocalDateTime.parse(iso).atZone(ZoneId.systemDefault()).toInstant();
            } catch (DateTimeParseException _) {
                throw CamspoolException.invalid(
                        option,
                        text,
                        "2026-11-23T12:00:00Z, or 2026-11-23T12:00 in this machine's zone");
            }
        }
    }
}
