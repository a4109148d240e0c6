package io.camspool.agent.demo;

import io.camspool.Stored;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A panel that is redrawn in place on a terminal: each frame goes out in one write, over the one
/// before, so that nothing flickers. Confined to one thread.
final class Panel implements Display {
    private static final int CHART_COLUMNS = 56;
    private static final int CHART_ROWS = 3;
    private static final String CLEAR_TO_END_OF_LINE = "\033[K";

    /// Without wrapping, a narrow terminal cuts lines off instead of tearing the panel apart.
    private static final String WRAP_OFF = "\033[?7l";

    private static final String WRAP_ON = "\033[?7h";

    private final PrintWriter out;
    private final boolean colours;
    private final BacklogChart chart;
    private Optional<Duration> unreachableSince = Optional.empty();
    private String news = "";
    private int drawnLines;

    /// @param unicode whether the terminal shows block characters
    Panel(PrintWriter out, boolean colours, boolean unicode) {
        this.out = out;
        this.colours = colours;
        this.chart = new BacklogChart(CHART_COLUMNS, unicode);
    }

    @Override
    public void show(Moment moment) {
        chart.add(moment.elapsed(), moment.run(), moment.waiting());
        unreachableSince =
                moment.cloudTrouble().isEmpty()
                        ? Optional.empty()
                        : unreachableSince.or(() -> Optional.of(moment.elapsed()));
        draw(lines(moment));
    }

    @Override
    public void event(Moment moment, String words) {
        news = Moment.clock(moment.elapsed()) + "  " + words;
        show(moment);
    }

    @Override
    public void finish(Moment moment) {
        show(moment);
    }

    private List<String> lines(Moment moment) {
        var lines = new ArrayList<String>();
        lines.add(
                Style.BOLD.on("  Camspool demo", colours)
                        + "   %s / %s   "
                                .formatted(
                                        Moment.clock(moment.elapsed()), Moment.clock(moment.run()))
                        + Style.DIM.on(news, colours));
        lines.add("");
        lines.add(
                Style.DIM.on(
                        "  %-8s %-18s %8s  %s"
                                .formatted("SOURCE", "GIVES", "ACCEPTED", "   NEWEST STORED"),
                        colours));
        for (var row : moment.rows()) {
            lines.add(
                    "  %-8s %-18s %8d  %s"
                            .formatted(
                                    row.name(),
                                    row.kind(),
                                    row.accepted(),
                                    row.newest().map(this::storedAs).orElse("")));
        }
        lines.add("");
        lines.add("  cloud    " + cloud(moment));
        var bars = chart.rows(CHART_ROWS);
        for (var i = 0; i < bars.size(); i++) {
            var title = i == bars.size() - 1 ? "  waiting  " : "           ";
            var count = i == bars.size() - 1 ? " " + moment.waiting() : "";
            lines.add(title + chartStyle(moment).on(bars.get(i), colours) + count);
        }
        lines.add(
                "  intake   %d accepted, %.1f stored a second, %d waited for room, %d refused (full)"
                        .formatted(
                                moment.accepted(),
                                moment.storedPerSecond(),
                                moment.waits(),
                                moment.refused()));
        return lines;
    }

    private String storedAs(Stored stored) {
        var bytes = stored.bytes();
        var size = bytes < 1000 ? bytes + " B " : bytes / 1000 + " KB";
        return Style.DIM.on("%7s  %s".formatted(size, stored.change().orElse("")), colours);
    }

    private String cloud(Moment moment) {
        if (unreachableSince.isEmpty()) {
            return Style.GREEN.on("reachable", colours);
        }
        return Style.RED.on("unreachable since " + Moment.clock(unreachableSince.get()), colours)
                + Style.DIM.on("  " + moment.cloudTrouble().orElse(""), colours);
    }

    private static Style chartStyle(Moment moment) {
        return moment.cloudTrouble().isPresent() ? Style.RED : Style.GREEN;
    }

    private void draw(List<String> lines) {
        var frame = new StringBuilder(WRAP_OFF);
        if (drawnLines > 0) {
            frame.append("\033[").append(drawnLines).append("A\r");
        }
        for (var line : lines) {
            frame.append(line).append(CLEAR_TO_END_OF_LINE).append('\n');
        }
        frame.append(WRAP_ON);
        out.print(frame);
        out.flush();
        drawnLines = lines.size();
    }

    private enum Style {
        BOLD("1"),
        DIM("2"),
        RED("31"),
        GREEN("32");

        private final String code;

        Style(String code) {
            this.code = code;
        }

        String on(String text, boolean colours) {
            return colours ? "\033[" + code + "m" + text + "\033[0m" : text;
        }
    }
}
