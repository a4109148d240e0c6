package io.camspool.internal.engine;

import io.camspool.Amounts;
import io.camspool.CamspoolException;
import io.camspool.CamspoolException.Reason;
import io.camspool.ItemId;
import io.camspool.ItemKind;
import io.camspool.Page;
import io.camspool.Query;
import io.camspool.Rejected;
import io.camspool.SpoolReader;
import io.camspool.Status;
import io.camspool.Status.Health;
import io.camspool.StoredAlert;
import io.camspool.StoredCapture;
import io.camspool.StoredItem;
import io.camspool.Story;
import io.camspool.Verification;
import io.camspool.internal.archive.Archive;
import io.camspool.internal.ledger.HeldItems;
import io.camspool.internal.ledger.Reads;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;

/// A spool that is only read, and the reading half of one that is owned.
final class ReadingSpool implements SpoolReader {
    /// Below this a verification never ends.
    private static final long LOWEST_RATE = 1_000;

    private final Path data;
    private final Reads reads;
    private final Archive archive;

    ReadingSpool(Path data, Reads reads, Archive archive) {
        this.data = data;
        this.reads = reads;
        this.archive = archive;
    }

    @Override
    public Optional<StoredItem> find(ItemId id) {
        return reads.find(id);
    }

    @Override
    public Optional<StoredCapture> find(String camera, String alertId) {
        return reads.newest(camera, alertId);
    }

    @Override
    public Page<StoredCapture> captures(Query query) {
        return reads.captures(query);
    }

    @Override
    public Page<StoredAlert> alerts(Query query) {
        return reads.alerts(query);
    }

    @Override
    public InputStream read(ItemId id) {
        var item = reads.find(id).orElseThrow(() -> notFound(id));
        if (item.kind() == ItemKind.ALERT) {
            return new ByteArrayInputStream(reads.json(id).orElseThrow(() -> notFound(id)));
        }
        try {
            return archive.open(id, reads.path(id).orElseThrow(() -> notFound(id)));
        } catch (NoSuchFileException e) {
            throw new CamspoolException(
                    Reason.DAMAGED, "the image of %s is gone: %s".formatted(id, e.getMessage()), e);
        } catch (IOException e) {
            throw CamspoolException.storage(
                    "read the image of", id, e, "check the disk and its permissions");
        }
    }

    @Override
    public Status status() {
        return new Status(
                data,
                reads.setting("box").orElse(""),
                reads.setting("spool-id").orElse(""),
                Health.GREEN,
                List.of(),
                reads.balance(ItemKind.CAPTURE),
                reads.balance(ItemKind.ALERT),
                reads.sinks(),
                Optional.empty(),
                reads.turnedAway(),
                Status.Recovery.NONE);
    }

    @Override
    public Page<Rejected> rejected(String sink, int limit, Optional<String> cursor) {
        if (limit < 1 || limit > Query.MAX_LIMIT) {
            throw CamspoolException.invalid("limit", limit, "1 to " + Query.MAX_LIMIT);
        }
        return reads.rejected(sink, limit, cursor);
    }

    @Override
    public Optional<Story> story(ItemId id) {
        return reads.story(id);
    }

    @Override
    public Amounts undelivered() {
        return new HeldItems(reads).undelivered().amounts();
    }

    @Override
    public Verification verify(long bytesPerSecond, LongConsumer progress) {
        if (bytesPerSecond < LOWEST_RATE) {
            throw CamspoolException.invalid(
                    "rate", bytesPerSecond, "at least " + LOWEST_RATE + " bytes a second");
        }
        return new Verifier(reads, archive, new Throttle(bytesPerSecond), progress).run();
    }

    @Override
    public void close() {
        reads.close();
    }

    private static CamspoolException notFound(ItemId id) {
        return new CamspoolException(Reason.NOT_FOUND, "no item " + id + " is held here");
    }
}
