package io.camspool.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camspool.CamspoolException;
import java.time.LocalDateTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TimetableTest {
    /// A Monday.
    private static LocalDateTime monday(int hour, int minute) {
        return LocalDateTime.of(2026, 11, 23, hour, minute);
    }

    private static long at(String timetable, LocalDateTime time) {
        return Timetable.parse(timetable).bytesASecond(time).orElse(-1);
    }

    @ParameterizedTest
    @CsvSource({
        "512, 524288",
        "512k, 524288",
        "1.5M, 1572864",
        "100B, 100",
        "1G, 1073741824",
        "off, -1"
    })
    void oneRateHoldsAlways(String text, long bytes) {
        assertThat(at(text, monday(3, 0))).isEqualTo(bytes);
    }

    @Test
    void aTimeHoldsUntilTheNextAndTheLastOverMidnight() {
        var day = "08:00,512k 19:00,10M 23:00,off";
        assertThat(at(day, monday(7, 59))).isEqualTo(-1);
        assertThat(at(day, monday(8, 0))).isEqualTo(512 << 10);
        assertThat(at(day, monday(18, 59))).isEqualTo(512 << 10);
        assertThat(at(day, monday(19, 0))).isEqualTo(10 << 20);
        assertThat(at(day, monday(23, 30))).isEqualTo(-1);
    }

    @Test
    void aDayHoldsUntilTheNextNamedOne() {
        var week = "Mon-08:00,512k Friday-18:00,off";
        assertThat(at(week, monday(7, 0))).isEqualTo(-1);
        assertThat(at(week, monday(9, 0).plusDays(2))).isEqualTo(512 << 10);
        assertThat(at(week, monday(18, 0).plusDays(4))).isEqualTo(-1);
        assertThat(at(week, monday(12, 0).plusDays(6))).isEqualTo(-1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "fast",
                "0",
                "-1k",
                "24:00,1M",
                "08:00",
                "08:60,1M",
                "Mo-08:00,1M",
                "08:00,1M,2M",
                "8:00;1M",
                "1T"
            })
    void whatCannotBeReadIsRefused(String text) {
        assertThatThrownBy(() -> Timetable.parse(text))
                .isInstanceOf(CamspoolException.class)
                .hasMessageContaining("bandwidth");
    }
}
