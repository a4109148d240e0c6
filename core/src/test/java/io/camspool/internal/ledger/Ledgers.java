package io.camspool.internal.ledger;

import io.camspool.Durability;
import io.camspool.ItemId;
import io.camspool.Undelivered;
import io.camspool.internal.disk.Disk;
import io.camspool.internal.disk.Reserve;
import io.camspool.internal.report.Report;
import io.camspool.sink.NamedSink;
import io.camspool.sink.ScriptedSink;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Opens ledgers for tests, without a spool around them. Futures complete on the writer's thread.
public final class Ledgers {
    private Ledgers() {}

    /// With required sinks of these ids, which nobody serves.
    public static Ledger open(Path data, String... sinks) {
        return open(
                data,
                Stream.of(sinks).map(id -> new NamedSink(id, true, new ScriptedSink())).toList());
    }

    static RemovalOrder drop(ItemId id) {
        return drop(id, 0);
    }

    static RemovalOrder drop(ItemId id, long at) {
        return new RemovalOrder(List.of(id), Undelivered.DROP, false, "test", at, Optional.empty());
    }

    public static Ledger open(Path data, List<NamedSink> sinks) {
        return Ledger.open(
                new Ledger.Opening(
                        data,
                        Optional.empty(),
                        data.resolve("captures"),
                        Optional.of("box-1"),
                        "host",
                        Durability.OS,
                        sinks,
                        false,
                        "here",
                        "abcdef123456",
                        (_, _, _) -> {},
                        Runnable::run,
                        () -> {},
                        new Report(System::nanoTime)),
                Disk.real(),
                new Reserve(Disk.real(), data));
    }
}
