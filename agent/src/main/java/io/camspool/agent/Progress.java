package io.camspool.agent;

import java.io.PrintWriter;
import java.util.Optional;

/// A bar on the terminal's last line. Where there is no terminal, only what is being waited for is
/// said, once. Confined to one thread.
final class Progress implements AutoCloseable {
    private static final int WIDTH = 30;
    private static final long REDRAW_NANOS = 100_000_000;

    /// Without wrapping, a line that is too long is cut off and can still be drawn over.
    private static final String WRAP_OFF = "\033[?7l";

    private static final String WRAP_ON = "\033[?7h";
    private static final String CLEAR_TO_END_OF_LINE = "\033[K";

    private final PrintWriter err;
    private final String what;
    private final boolean shown;
    private long drawnAt = Long.MIN_VALUE;
    private String said = "";

    Progress(PrintWriter err, String what) {
        this(err, what, Terminal.isInteractive());
    }

    /// @param shown whether there is a terminal to draw on
    Progress(PrintWriter err, String what, boolean shown) {
        this.err = err;
        this.what = what;
        this.shown = shown;
    }

    void show(long done, long all) {
        show(done, all, Optional.empty());
    }

    /// @param hindrance why it does not go on
    void show(long done, long all, Optional<String> hindrance) {
        if (shown) {
            draw(done, all, hindrance);
        } else if (hindrance.isPresent() && !said.equals(hindrance.get())) {
            said = hindrance.get();
            err.println("camspool: waiting: " + said);
        }
    }

    private void draw(long done, long all, Optional<String> hindrance) {
        var now = System.nanoTime();
        if (drawnAt != Long.MIN_VALUE && now - drawnAt < REDRAW_NANOS) {
            return;
        }
        drawnAt = now;
        var count = "%d of %d".formatted(done, Math.max(done, all));
        err.print(
                "\r"
                        + WRAP_OFF
                        + what
                        + hindrance
                                .map(why -> " " + count + ", waiting: " + why)
                                .orElseGet(() -> " [" + bar(done, all) + "] " + count + " ")
                        + CLEAR_TO_END_OF_LINE
                        + WRAP_ON);
        err.flush();
    }

    private static String bar(long done, long all) {
        var share = all <= 0 ? 1.0 : Math.min(1.0, (double) done / all);
        var filled = (int) (share * WIDTH);
        return "#".repeat(filled) + " ".repeat(WIDTH - filled);
    }

    /// Takes the bar away, so that a result can be printed.
    void clear() {
        if (shown && drawnAt != Long.MIN_VALUE) {
            err.print("\r" + CLEAR_TO_END_OF_LINE);
            err.flush();
        }
    }

    @Override
    public void close() {
        clear();
    }
}
