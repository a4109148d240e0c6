package io.camspool.agent.demo;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// The backlog over time as rows of bars. Confined to one thread.
final class BacklogChart {
    private static final String EIGHTHS = " ▁▂▃▄▅▆▇█";
    private static final int LEVELS_A_ROW = 8;

    /// The bars fill the height from this many items on, so that two or three look small.
    private static final long LEAST_SCALE = 24;

    private final int columns;
    private final boolean unicode;
    private final List<Long> bars = new ArrayList<>();

    BacklogChart(int columns, boolean unicode) {
        this.columns = columns;
        this.unicode = unicode;
    }

    /// Adds the bars up to this time; one bar stands for a fixed part of the run, with room for the
    /// draining.
    void add(Duration elapsed, Duration run, long waiting) {
        var bar = run.multipliedBy(5).dividedBy(4L * columns);
        while (bar.multipliedBy(bars.size()).compareTo(elapsed) <= 0) {
            bars.add(waiting);
        }
    }

    /// The newest bars, top row first.
    List<String> rows(int count) {
        var shown = bars.subList(Math.max(0, bars.size() - columns), bars.size());
        var scale =
                Math.max(LEAST_SCALE, shown.stream().mapToLong(Long::longValue).max().orElse(0));
        var rows = new ArrayList<String>();
        for (var row = count - 1; row >= 0; row--) {
            var line = new StringBuilder();
            for (var waiting : shown) {
                line.append(block(level(waiting, scale, count) - row * LEVELS_A_ROW));
            }
            rows.add(line.toString());
        }
        return rows;
    }

    /// At least one level as soon as one item waits.
    private static int level(long waiting, long scale, int rows) {
        return (int) Math.ceilDiv(waiting * rows * LEVELS_A_ROW, scale);
    }

    private char block(int level) {
        var inRow = Math.clamp(level, 0, LEVELS_A_ROW);
        if (unicode) {
            return EIGHTHS.charAt(inRow);
        }
        return inRow >= LEVELS_A_ROW / 2 ? '#' : inRow > 0 ? '.' : ' ';
    }
}
