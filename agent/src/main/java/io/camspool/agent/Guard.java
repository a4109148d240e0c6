package io.camspool.agent;

import io.camspool.Balance.Amount;
import io.camspool.agent.json.Json;
import picocli.CommandLine;

/// Nothing owed is given up before its loss was named: a command without `--yes-drop` only says
/// what would be lost.
final class Guard {
    private Guard() {}

    /// @param deed what `--yes-drop` does
    static int refuse(CommandLine command, boolean json, Amount loss, String deed) {
        var out = command.getOut();
        if (json) {
            JsonLines.print(out, line -> Json.amount(line, "would_be_lost", loss));
        } else {
            out.println("would be lost: " + SinkTexts.items(loss));
        }
        command.getErr()
                .println(
                        "camspool: nothing was dropped; to %s: --yes-drop %d"
                                .formatted(deed, loss.items()));
        return ExitCode.USAGE;
    }
}
