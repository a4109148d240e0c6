package io.camspool.internal.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.camspool.sink.Timetable;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class BandwidthTest {
    /// A Monday, 07:59:50 in UTC.
    private static final Instant START = Instant.parse("2026-11-23T07:59:50Z");

    private final AtomicLong nanos = new AtomicLong();

    private Bandwidth bandwidth(String timetable, ZoneId zone) {
        return new Bandwidth(
                Timetable.parse(timetable),
                zone,
                () -> START.plusNanos(nanos.get()),
                nanos::get,
                nanos::addAndGet);
    }

    private double secondsFor(InputStream in) throws IOException {
        var before = nanos.get();
        in.readAllBytes();
        return (nanos.get() - before) / (double) TimeUnit.SECONDS.toNanos(1);
    }

    private static InputStream bytes(int count) {
        return new ByteArrayInputStream(new byte[count]);
    }

    @Test
    void soManyBytesTakeTheirTime() throws IOException {
        var megabyte = bandwidth("1M", ZoneOffset.UTC);
        assertThat(secondsFor(megabyte.limit(bytes(30 << 20)))).isCloseTo(30, within(0.5));
    }

    @Test
    void severalAtOnceShareIt() throws IOException {
        var shared = bandwidth("1M", ZoneOffset.UTC);
        var first = shared.limit(bytes(5 << 20));
        var second = shared.limit(bytes(5 << 20));
        var before = nanos.get();
        var buffer = new byte[100_000];
        var both = true;
        while (both) {
            var more = first.read(buffer) >= 0;
            both = second.read(buffer) >= 0 && more;
        }
        assertThat((nanos.get() - before) / 1e9).isCloseTo(10, within(0.5));
    }

    @Test
    void manyReadersOfLittleEachGetSomethingSoon() throws IOException {
        var slow = bandwidth("4k", ZoneOffset.UTC);
        var readers = Stream.generate(() -> slow.limit(bytes(1 << 20))).limit(8).toList();
        var buffer = new byte[100_000];
        for (var round = 0; round < 3; round++) {
            var before = nanos.get();
            for (var reader : readers) {
                assertThat(reader.read(buffer)).isPositive();
            }
            assertThat((nanos.get() - before) / 1e9).isLessThan(2.5);
        }
    }

    @Test
    void whatNobodyUsedIsNotSavedUp() throws IOException {
        var megabyte = bandwidth("1M", ZoneOffset.UTC);
        nanos.addAndGet(TimeUnit.HOURS.toNanos(1));
        assertThat(secondsFor(megabyte.limit(bytes(5 << 20)))).isCloseTo(5, within(0.5));
    }

    @Test
    void theTimetableIsInTheZoneOfTheSiteAndTurnsWhileItIsRead() throws IOException {
        var utc = bandwidth("00:00,1M 08:00,2M", ZoneOffset.UTC);
        // Ten seconds at 1 MiB, then the rest at 2.
        assertThat(secondsFor(utc.limit(bytes(30 << 20)))).isCloseTo(20, within(0.5));
        nanos.set(0);
        var shanghai = bandwidth("00:00,1M 08:00,2M", ZoneId.of("Asia/Shanghai"));
        assertThat(secondsFor(shanghai.limit(bytes(30 << 20)))).isCloseTo(15, within(0.5));
    }

    @Test
    void offIsNoLimit() throws IOException {
        assertThat(secondsFor(bandwidth("off", ZoneOffset.UTC).limit(bytes(30 << 20)))).isZero();
    }
}
