package io.camspool.internal.sync;

import io.camspool.CamspoolException;
import io.camspool.ItemKind;
import io.camspool.StoredItem;
import io.camspool.internal.archive.Archive;
import io.camspool.internal.disk.Sha256;
import io.camspool.internal.ledger.Answer;
import io.camspool.internal.ledger.DueDelivery;
import io.camspool.internal.ledger.Reads;
import io.camspool.sink.CaptureLink;
import io.camspool.sink.Delivery;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// A delivery whose bytes stand in the archive or the ledger. Equal only to itself: the same item
/// that is leased again is another delivery to whoever has it.
final class StoredDelivery implements Delivery {
    /// How long an item rests whose stored bytes can't be read.
    private static final Duration UNREADABLE_WAIT = Duration.ofSeconds(30);

    private final DueDelivery due;
    private final Archive archive;
    private final Reads reads;
    private final UnaryOperator<InputStream> pace;

    /// @param pace of what is sent of an image; alerts are small, and pass
    StoredDelivery(DueDelivery due, Archive archive, Reads reads, UnaryOperator<InputStream> pace) {
        this.due = due;
        this.archive = archive;
        this.reads = reads;
        this.pace = pace;
    }

    DueDelivery due() {
        return due;
    }

    @Override
    public StoredItem item() {
        return due.item();
    }

    @Override
    public String source() {
        return due.source();
    }

    @Override
    public String key() {
        return due.key();
    }

    @Override
    public List<CaptureLink> captures() {
        return due.captures();
    }

    @Override
    public boolean isIncomplete() {
        return due.isIncomplete();
    }

    @Override
    public InputStream open() throws IOException {
        return item().kind() == ItemKind.CAPTURE ? pace.apply(openToCheck()) : openToCheck();
    }

    @Override
    public InputStream openToCheck() throws IOException {
        return item().kind() == ItemKind.CAPTURE
                ? archive.open(item().id(), due.path())
                : reads.openJson(item().id());
    }

    /// What must be booked instead of sending it; empty: its stored bytes are those that were
    /// accepted. What is damaged is rejected.
    ///
    /// @param now in milliseconds since 1970
    Optional<Answer> flaw(long now) {
        var seq = item().seq();
        try {
            return isIntact()
                    ? Optional.empty()
                    : Optional.of(
                            new Answer.Rejected(
                                    seq, "damaged", "its bytes no longer match their hash"));
        } catch (IOException e) {
            // It may be the disk, or a mount that is away: time will tell. What is no longer held
            // has no delivery to book.
            return Optional.of(
                    new Answer.Postponed(
                            seq,
                            "can't read %s: %s"
                                    .formatted(item().id(), CamspoolException.causeInWords(e)),
                            now + UNREADABLE_WAIT.toMillis()));
        }
    }

    private boolean isIntact() throws IOException {
        return Sha256.of(openToCheck()).equals(item().sha256());
    }
}
