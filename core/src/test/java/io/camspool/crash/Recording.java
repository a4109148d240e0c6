package io.camspool.crash;

import io.camspool.crash.Operation.Begin;
import io.camspool.crash.Operation.DataOperation;
import io.camspool.crash.Operation.Enter;
import io.camspool.crash.Operation.ForceBegan;
import io.camspool.crash.Operation.ForceEnded;
import io.camspool.crash.Operation.Inode;
import io.camspool.crash.Operation.Remove;
import io.camspool.crash.Operation.Rename;
import io.camspool.crash.Operation.Started;
import io.camspool.crash.Operation.Write;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/// What was recorded, and from when on each operation is durable.
///
/// @param log where it was read from
/// @param durableFrom for each operation how many must have happened for it to be durable;
///   [Integer#MAX_VALUE]: it never is
/// @param earliest how many operations have happened at least when the power fails; at first those
///   that describe what was there before
@SuppressWarnings("ArrayRecordComponent") // never compared, never changed
record Recording(Path log, List<Operation> operations, int[] durableFrom, int earliest) {
    static Recording read(Path log) throws IOException {
        return of(log, RecordedLog.read(log));
    }

    static Recording of(Path log, List<Operation> operations) {
        var durableFrom = new int[operations.size()];
        Arrays.fill(durableFrom, Integer.MAX_VALUE);
        var volatileOf = new HashMap<Inode, List<Integer>>();
        var began = new HashMap<Long, Integer>();
        var begin = 0;
        for (var i = 0; i < operations.size(); i++) {
            switch (operations.get(i)) {
                case Enter(var folder, _, _) -> note(volatileOf, folder, i);
                case Remove(var folder, _) -> note(volatileOf, folder, i);
                case Rename(var folder, _, var toFolder, _, _) -> {
                    note(volatileOf, folder, i);
                    note(volatileOf, toFolder, i);
                }
                case DataOperation data -> note(volatileOf, data.file(), i);
                case ForceBegan(_, var token) -> began.put(token, i);
                case ForceEnded(var inode, var token) -> {
                    var before = began.getOrDefault(token, 0);
                    var after = i + 1;
                    volatileOf
                            .getOrDefault(inode, new ArrayList<>())
                            .removeIf(
                                    earlier -> {
                                        if (earlier < before) {
                                            durableFrom[earlier] =
                                                    Math.min(durableFrom[earlier], after);
                                        }
                                        return earlier < before;
                                    });
                }
                case Started _ -> {}
                case Begin _ -> {
                    begin = i + 1;
                    Arrays.fill(durableFrom, 0, begin, 0);
                    volatileOf.clear();
                }
            }
        }
        return new Recording(log, List.copyOf(operations), durableFrom, begin);
    }

    private static void note(Map<Inode, List<Integer>> volatileOf, Inode inode, int operation) {
        volatileOf.computeIfAbsent(inode, _ -> new ArrayList<>()).add(operation);
    }

    /// The same, with power cuts from later on.
    Recording cutFrom(int later) {
        return new Recording(log, operations, durableFrom, later);
    }

    /// Where processes started, as far as power cuts can follow.
    List<Integer> starts() {
        return IntStream.range(earliest, operations.size())
                .filter(i -> operations.get(i) instanceof Started)
                .boxed()
                .toList();
    }

    boolean isDurable(int operation, int happened) {
        return durableFrom[operation] <= happened;
    }

    /// The whole lines written to a file in the root by the time that so many operations had
    /// happened, whether they were durable or not.
    List<String> lines(String name, int happened) {
        var text = new StringBuilder();
        var file = Optional.<Inode>empty();
        for (var operation : operations.subList(0, happened)) {
            if (operation instanceof Enter(var folder, var entered, var inode)
                    && folder.number() == 0
                    && entered.equals(name)) {
                file = Optional.of(inode);
            } else if (operation instanceof Write write
                    && file.filter(write.file()::equals).isPresent()) {
                text.append(new String(write.bytes(), StandardCharsets.UTF_8));
            }
        }
        return text.substring(0, text.lastIndexOf("\n") + 1).lines().toList();
    }
}
