package io.camspool.agent;

import java.io.PrintWriter;
import java.util.Locale;

/// A bar on the terminal's last line; prints nothing where there is no terminal. Confined to one
/// thread.
final class Progress implements AutoCloseable {
    private static final int WIDTH = 30;
    private static final long REDRAW_NANOS = 100_000_000;

    private final PrintWriter err;
    private final String what;
    private final boolean shown;
    private long drawnAt = Long.MIN_VALUE;

    Progress(PrintWriter err, String what) {
        this.err = err;
        this.what = what;
        this.shown = Terminal.isInteractive();
    }

    void show(long done, long all) {
        var now = System.nanoTime();
        if (!shown || (drawnAt != Long.MIN_VALUE && now - drawnAt < REDRAW_NANOS)) {
            return;
        }
        drawnAt = now;
        var share = all <= 0 ? 1.0 : Math.min(1.0, (double) done / all);
        var filled = (int) (share * WIDTH);
        err.printf(
                Locale.ROOT,
                "\r%s [%s%s] %d of %d \u001b[K",
                what,
                "#".repeat(filled),
                " ".repeat(WIDTH - filled),
                done,
                Math.max(done, all));
        err.flush();
    }

    /// Takes the bar away, so that a result can be printed.
    void clear() {
        if (shown && drawnAt != Long.MIN_VALUE) {
            err.print("\r\u001b[K");
            err.flush();
        }
    }

    @Override
    public void close() {
        clear();
    }
}
