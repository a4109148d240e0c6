package io.camspool.agent;

import io.camspool.Balance.Amount;
import io.camspool.SinkStatus;
import java.io.PrintWriter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A bar for each sink, on the terminal's last lines. Where there is no terminal, only what is
/// being waited for is said, once. Confined to one thread.
final class SyncProgress implements AutoCloseable {
    private static final String CLEAR_TO_END_OF_SCREEN = "\033[J";

    private final PrintWriter err;
    private final boolean shown;
    private final Map<String, String> said = new HashMap<>();
    private int drawnLines;

    /// One sink's part of a run.
    ///
    /// @param before what it had before the run
    record Line(SinkStatus now, Amount before) {
        Amount delivered() {
            return new Amount(
                    now.delivered().items() - before.items(),
                    now.delivered().bytes() - before.bytes());
        }

        /// `server [#### ] 12 of 40 items, 3.1 MB, 1.2 MB/s, 2 min left`
        String inWords() {
            var done = delivered();
            var all = done.items() + now.backlog().items();
            var count = "%d of %s".formatted(done.items(), Texts.count(all, "item"));
            return now.trouble()
                    .map(why -> "%s %s, waiting: %s".formatted(now.id(), count, Texts.oneLine(why)))
                    .orElseGet(
                            () ->
                                    "%s [%s] %s, %s%s"
                                            .formatted(
                                                    now.id(),
                                                    Progress.bar(done.items(), all),
                                                    count,
                                                    Texts.bytes(done.bytes()),
                                                    pace()));
        }

        private String pace() {
            if (now.backlog().items() == 0) {
                return "";
            }
            return SinkTexts.rate(now).map(rate -> ", " + rate).orElse("")
                    + now.timeToDrain()
                            .map(left -> ", " + Texts.duration(left) + " left")
                            .orElse("");
        }
    }

    /// @param shown whether there is a terminal to draw on
    SyncProgress(PrintWriter err, boolean shown) {
        this.err = err;
        this.shown = shown;
    }

    void show(List<Line> lines) {
        if (shown) {
            draw(lines);
            return;
        }
        for (var line : lines) {
            var trouble = line.now().trouble();
            if (trouble.isPresent()
                    && !trouble.equals(
                            Optional.ofNullable(said.put(line.now().id(), trouble.get())))) {
                err.println(
                        "camspool: "
                                + (lines.size() > 1 ? line.now().id() + ": " : "")
                                + "waiting: "
                                + Texts.oneLine(trouble.get()));
            }
        }
    }

    private void draw(List<Line> lines) {
        clear();
        var text = new StringBuilder(Progress.WRAP_OFF);
        for (var line : lines) {
            text.append(line.inWords()).append("\r\n");
        }
        err.print(text + Progress.WRAP_ON);
        err.flush();
        drawnLines = lines.size();
    }

    private void clear() {
        if (drawnLines > 0) {
            err.print("\033[" + drawnLines + "F" + CLEAR_TO_END_OF_SCREEN);
            err.flush();
            drawnLines = 0;
        }
    }

    /// Takes the bars away, so that a result can be printed.
    @Override
    public void close() {
        clear();
    }
}
