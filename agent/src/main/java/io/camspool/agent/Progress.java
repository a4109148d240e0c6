package io.camspool.agent;

import java.io.PrintWriter;

/// A bar on the terminal's last line; nothing where there is no terminal. Confined to one thread.
final class Progress implements AutoCloseable {
    private static final int WIDTH = 30;
    private static final long REDRAW_NANOS = 100_000_000;

    /// Without wrapping, a line that is too long is cut off and can still be drawn over.
    static final String WRAP_OFF = "\033[?7l";

    static final String WRAP_ON = "\033[?7h";
    private static final String CLEAR_TO_END_OF_LINE = "\033[K";

    private final PrintWriter err;
    private final String what;
    private final boolean shown;
    private long drawnAt = Long.MIN_VALUE;

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
        if (shown) {
            draw(done, all);
        }
    }

    private void draw(long done, long all) {
        var now = System.nanoTime();
        if (drawnAt != Long.MIN_VALUE && now - drawnAt < REDRAW_NANOS) {
            return;
        }
        drawnAt = now;
        err.print(
                "\r%s%s [%s] %d of %d %s%s"
                        .formatted(
                                WRAP_OFF,
                                what,
                                bar(done, all),
                                done,
                                Math.max(done, all),
                                CLEAR_TO_END_OF_LINE,
                                WRAP_ON));
        err.flush();
    }

    static String bar(long done, long all) {
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
