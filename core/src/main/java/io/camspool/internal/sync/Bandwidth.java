package io.camspool.internal.sync;

import io.camspool.sink.Timetable;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// Holds all that goes to one sink together to so many bytes a second. Each reader takes its turn
/// in time before it reads on; a second that nobody used is not saved up. Thread-safe.
final class Bandwidth {
    /// So short are turns, that many readers wait for each other only briefly.
    private static final int STEPS_A_SECOND = 20;

    /// Bytes of a turn; where less is allowed in its time, turns are longer.
    private static final int MIN_STEP = 1024;

    private static final int MAX_STEP = 16 * 1024;

    /// What may be made up for after a pause of the reader's own.
    private static final long MAX_CREDIT = TimeUnit.MILLISECONDS.toNanos(250);

    private final Timetable timetable;
    private final ZoneId zone;
    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private final Pump.Sleep sleep;
    private long free;

    /// @param zone of the timetable
    /// @param nanoTime as [System#nanoTime]
    Bandwidth(
            Timetable timetable,
            ZoneId zone,
            InstantSource clock,
            LongSupplier nanoTime,
            Pump.Sleep sleep) {
        this.timetable = timetable;
        this.zone = zone;
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.sleep = sleep;
        this.free = nanoTime.getAsLong();
    }

    /// The same bytes, no faster than is allowed.
    InputStream limit(InputStream in) {
        if (timetable.equals(Timetable.OFF)) {
            return in;
        }
        return new FilterInputStream(in) {
            @Override
            public int read() throws IOException {
                var one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
            }

            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                var read = super.read(target, offset, Math.min(length, step()));
                if (read > 0) {
                    take(read);
                }
                return read;
            }

            @Override
            public long skip(long bytes) throws IOException {
                return in.skip(bytes);
            }
        };
    }

    private OptionalLong rate() {
        return timetable.bytesASecond(LocalDateTime.ofInstant(clock.instant(), zone));
    }

    private int step() {
        return Math.clamp(rate().orElse(Long.MAX_VALUE) / STEPS_A_SECOND, MIN_STEP, MAX_STEP);
    }

    private void take(int bytes) throws IOException {
        var wait = turn(bytes);
        if (wait <= 0) {
            return;
        }
        try {
            sleep.nanos(wait);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (IOException) new InterruptedIOException("interrupted").initCause(e);
        }
    }

    /// How long to wait for the end of the turn that so many bytes take.
    private synchronized long turn(int bytes) {
        var now = nanoTime.getAsLong();
        var rate = rate();
        if (rate.isEmpty()) {
            free = now;
            return 0;
        }
        if (free - now < -MAX_CREDIT) {
            free = now - MAX_CREDIT;
        }
        free += TimeUnit.SECONDS.toNanos(bytes) / rate.getAsLong();
        return free - now;
    }
}
