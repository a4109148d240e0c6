package io.camspool.agent.demo;

import java.io.PrintWriter;

/// One line a second and one for each event, for logs and pipes.
final class PlainLines implements Display {
    private final PrintWriter out;
    private long shownSecond = -1;

    PlainLines(PrintWriter out) {
        this.out = out;
    }

    @Override
    public void show(Moment moment) {
        var second = moment.elapsed().toSeconds();
        if (second > shownSecond) {
            print(moment);
            shownSecond = second;
        }
    }

    @Override
    public void event(Moment moment, String words) {
        out.printf("%s  %s%n", Moment.clock(moment.elapsed()), words);
        out.flush();
    }

    @Override
    public void finish(Moment moment) {
        print(moment);
    }

    private void print(Moment moment) {
        out.printf(
                "%s  accepted %4d  waiting %4d  cloud %s%s%n",
                Moment.clock(moment.elapsed()),
                moment.accepted(),
                moment.waiting(),
                moment.cloudTrouble().isPresent() ? "unreachable" : "reachable",
                moment.refused() == 0 ? "" : "  refused (intake full) " + moment.refused());
        out.flush();
    }
}
