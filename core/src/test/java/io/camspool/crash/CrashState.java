package io.camspool.crash;

import io.camspool.crash.Operation.Begin;
import io.camspool.crash.Operation.DataOperation;
import io.camspool.crash.Operation.Enter;
import io.camspool.crash.Operation.ForceBegan;
import io.camspool.crash.Operation.ForceEnded;
import io.camspool.crash.Operation.Inode;
import io.camspool.crash.Operation.NameOperation;
import io.camspool.crash.Operation.Remove;
import io.camspool.crash.Operation.Rename;
import io.camspool.crash.Operation.Resize;
import io.camspool.crash.Operation.Started;
import io.camspool.crash.Operation.Write;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/// What a power cut could have left: the first operations of a recording, and of those that were
/// not durable by then what chance has kept. The same recording, seed and number give the same one.
final class CrashState {
    /// Operations after the start of a process within which it heals and begins.
    private static final int SOON = 60;

    /// How chance treats what was not durable; mixed, so that the states that matter come up.
    private enum Mode {
        ALL_LOST,
        ALL_KEPT,
        ANY,
        ANY_NAMES,
        NAMES_LOST,
        DATA_LOST,
        EARLIER_DATA_LOST,
        TORN
    }

    private final Recording recording;
    private final String name;
    private final int happened;
    private final Map<Integer, Survival> survivals;

    private CrashState(
            Recording recording, String name, int happened, Map<Integer, Survival> survivals) {
        this.recording = recording;
        this.name = name;
        this.happened = happened;
        this.survivals = survivals;
    }

    static CrashState of(Recording recording, long seed, int number) {
        var random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L + number);
        var happened = moment(recording, random);
        var mode = Mode.values()[random.nextInt(Mode.values().length)];
        var unsafe = new ArrayList<Integer>();
        for (var i = 0; i < happened; i++) {
            var operation = recording.operations().get(i);
            if ((operation instanceof NameOperation || operation instanceof DataOperation)
                    && !recording.isDurable(i, happened)) {
                unsafe.add(i);
            }
        }
        return new CrashState(
                recording,
                "seed %d, state %d: cut after %d of %d operations, %s of %d that were not durable"
                        .formatted(
                                seed,
                                number,
                                happened,
                                recording.operations().size(),
                                mode,
                                unsafe.size()),
                happened,
                choose(recording, mode, unsafe, random));
    }

    /// The state without a power cut.
    static CrashState whole(Recording recording) {
        return new CrashState(recording, "whole", recording.operations().size(), Map.of());
    }

    /// Any moment; or one when an fsync is just about to end; or soon after a process has started,
    /// when it heals what the one before has left.
    private static int moment(Recording recording, RandomGenerator random) {
        var end = recording.operations().size();
        var moment = random.nextInt(recording.earliest(), end + 1);
        var starts = recording.starts();
        switch (random.nextInt(4)) {
            case 0 -> {
                while (moment < end
                        && !(recording.operations().get(moment) instanceof ForceEnded)) {
                    moment++;
                }
            }
            case 1 -> {
                if (!starts.isEmpty()) {
                    var start = starts.get(random.nextInt(starts.size()));
                    moment = Math.min(end, start + random.nextInt(SOON));
                }
            }
            default -> {}
        }
        return moment;
    }

    private static Map<Integer, Survival> choose(
            Recording recording, Mode mode, List<Integer> unsafe, RandomGenerator random) {
        var chanceOfName = random.nextDouble();
        var chanceOfData = random.nextDouble();
        var sizes = random.nextInt(3) / 2.0;
        var cut = unsafe.isEmpty() ? 0 : unsafe.get(random.nextInt(unsafe.size()));
        var survivals = new HashMap<Integer, Survival>();
        for (var i : unsafe) {
            var operation = recording.operations().get(i);
            var lost = random.nextDouble() < sizes ? Survival.SIZE_ONLY : Survival.NOTHING;
            var maybeTorn =
                    operation instanceof Write write && random.nextBoolean()
                            ? Survival.torn(write, random)
                            : Survival.WHOLE;
            var isName = operation instanceof NameOperation;
            var chance = random.nextDouble();
            survivals.put(
                    i,
                    switch (mode) {
                        case ALL_LOST -> Survival.NOTHING;
                        case ALL_KEPT -> Survival.WHOLE;
                        case ANY ->
                                chance < (isName ? chanceOfName : chanceOfData) ? maybeTorn : lost;
                        case ANY_NAMES -> !isName || chance < chanceOfName ? Survival.WHOLE : lost;
                        case NAMES_LOST -> isName ? lost : Survival.WHOLE;
                        case DATA_LOST -> isName ? Survival.WHOLE : lost;
                        case EARLIER_DATA_LOST -> isName || i > cut ? Survival.WHOLE : lost;
                        case TORN -> maybeTorn;
                    });
        }
        return survivals;
    }

    /// How many operations came before the power cut.
    int happened() {
        return happened;
    }

    /// What had been reported to a file in the root before the power cut.
    List<String> lines(String file) {
        return recording.lines(file, happened);
    }

    /// Makes the state's files in a folder that is empty.
    void build(Path folder) throws IOException {
        for (var entry : entries().entrySet()) {
            var path = folder.resolve(entry.getKey());
            if (entry.getValue().isPresent()) {
                Files.write(path, entry.getValue().get());
            } else {
                Files.createDirectory(path);
            }
        }
    }

    /// The content of each file by its path, folders before what is in them; empty: a folder.
    SortedMap<String, Optional<byte[]>> entries() {
        var names = new HashMap<Inode, Map<String, Inode>>();
        var contents = new HashMap<Inode, Content>();
        for (var i = 0; i < happened; i++) {
            var survival = survivals.getOrDefault(i, Survival.WHOLE);
            switch (recording.operations().get(i)) {
                case NameOperation operation -> {
                    if (survival.kept()) {
                        apply(names, operation);
                    }
                }
                case DataOperation operation ->
                        contents.computeIfAbsent(operation.file(), _ -> new Content())
                                .apply(operation, survival);
                case ForceBegan _, ForceEnded _, Started _, Begin _ -> {}
            }
        }
        var entries = new TreeMap<String, Optional<byte[]>>();
        addEntries("", new Inode(0, true), names, contents, entries);
        return entries;
    }

    private static void apply(Map<Inode, Map<String, Inode>> names, NameOperation operation) {
        switch (operation) {
            case Enter(var folder, var name, var inode) -> in(names, folder).put(name, inode);
            case Remove(var folder, var name) -> in(names, folder).remove(name);
            case Rename(var folder, var name, var toFolder, var toName, var inode) -> {
                in(names, folder).remove(name, inode);
                in(names, toFolder).put(toName, inode);
            }
        }
    }

    private static Map<String, Inode> in(Map<Inode, Map<String, Inode>> names, Inode folder) {
        return names.computeIfAbsent(folder, _ -> new HashMap<>());
    }

    private static void addEntries(
            String prefix,
            Inode folder,
            Map<Inode, Map<String, Inode>> names,
            Map<Inode, Content> contents,
            Map<String, Optional<byte[]>> entries) {
        for (var entry : in(names, folder).entrySet()) {
            var path = prefix + entry.getKey();
            var inode = entry.getValue();
            if (inode.isFolder()) {
                entries.put(path, Optional.empty());
                addEntries(path + "/", inode, names, contents, entries);
            } else {
                entries.put(path, Optional.of(contents.getOrDefault(inode, new Content()).whole()));
            }
        }
    }

    @Override
    public String toString() {
        return name;
    }

    /// The bytes of a file while operations are applied to it.
    private static final class Content {
        private byte[] bytes = new byte[0];
        private int size;

        void apply(DataOperation operation, Survival survival) {
            switch (operation) {
                case Resize(_, var newSize) -> {
                    // Of a lost one, its size may still be all that is left.
                    if (survival.kept() || survival.sizeKept()) {
                        resize((int) newSize);
                    }
                }
                case Write write -> {
                    if (survival.sizeKept() && write.end() > size) {
                        resize((int) write.end());
                    }
                    if (survival.kept()) {
                        write(write, survival);
                    }
                }
            }
        }

        private void resize(int newSize) {
            if (newSize > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(newSize, 2 * bytes.length));
            }
            if (newSize < size) {
                Arrays.fill(bytes, newSize, size, (byte) 0);
            }
            size = newSize;
        }

        /// Copies the sectors that are kept, as far as the file reaches.
        private void write(Write write, Survival survival) {
            var first = write.offset() / Survival.SECTOR_BYTES;
            var end = Math.min(write.end(), size);
            for (var at = write.offset(); at < end; ) {
                var sector = at / Survival.SECTOR_BYTES;
                var next = Math.min((sector + 1) * Survival.SECTOR_BYTES, end);
                if (!survival.lost().get((int) (sector - first))) {
                    System.arraycopy(
                            write.bytes(),
                            (int) (at - write.offset()),
                            bytes,
                            (int) at,
                            (int) (next - at));
                }
                at = next;
            }
        }

        byte[] whole() {
            return Arrays.copyOf(bytes, size);
        }
    }
}
