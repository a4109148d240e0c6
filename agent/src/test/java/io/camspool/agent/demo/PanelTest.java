package io.camspool.agent.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PanelTest {
    private final StringWriter out = new StringWriter();

    @Test
    void secondFrameIsDrawnOverTheFirst() {
        var panel = new Panel(new PrintWriter(out), true, true);

        panel.show(moment(1, Optional.empty(), 0));
        var first = out.toString();
        var height = first.lines().count() - 1;
        out.getBuffer().setLength(0);
        panel.show(moment(2, Optional.empty(), 0));

        assertThat(first).contains("\033[32mreachable");
        assertThat(first).containsSubsequence("SOURCE", "GIVES", "ACCEPTED", "gate-1");
        assertThat(out.toString()).contains("\033[" + height + "A\r");
    }

    @Test
    void unreachableCloudKeepsTheTimeWhenItWentAway() {
        var panel = new Panel(new PrintWriter(out), false, true);

        panel.show(moment(8, Optional.of("folder is not there"), 3));
        panel.show(moment(12, Optional.of("folder is not there"), 40));

        assertThat(out.toString())
                .contains("unreachable since 00:08  folder is not there")
                .doesNotContain("unreachable since 00:12")
                .doesNotContain("\033[31m");
    }

    @Test
    void chartGrowsWithTheBacklogAndFallsBehindIt() {
        var chart = new BacklogChart(10, true);

        var run = Duration.ofSeconds(8);
        chart.add(Duration.ZERO, run, 0);
        chart.add(Duration.ofSeconds(1), run, 48);
        chart.add(Duration.ofSeconds(2), run, 96);
        chart.add(Duration.ofSeconds(3), run, 0);

        assertThat(chart.rows(2)).containsExactly("  █ ", " ██ ");
    }

    private static Moment moment(int second, Optional<String> trouble, long waiting) {
        return new Moment(
                Duration.ofSeconds(second),
                Duration.ofSeconds(24),
                List.of(new Moment.Row("gate-1", "raw BGR 1920x1080", 3, Optional.empty())),
                3,
                1.5,
                trouble,
                waiting,
                0,
                0);
    }
}
