package io.camspool.internal.sink;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.camspool.CamspoolException;
import io.camspool.ItemKind;
import io.camspool.StoredAlert;
import io.camspool.internal.disk.Disk;
import io.camspool.sink.Batch;
import io.camspool.sink.Batching;
import io.camspool.sink.CloudEvents;
import io.camspool.sink.Delivery;
import io.camspool.sink.Outcome;
import io.camspool.sink.Sink;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.ZipException;

/// A folder as a destination: images under their key; one CloudEvents file an alert, or of a sealed
/// batch of alerts one compressed file of lines.
///
/// A marker file, made before the first delivery, tells the folder from the empty one that stands
/// in its place while a share is not mounted. Once it has been there, nothing goes without it.
///
/// Each file is written aside, forced and renamed; the folders are forced once a batch, and only
/// then is anything confirmed. That a folder exists doesn't show that its name is on the disk: a
/// process may have died after making it. Only what this sink has forced itself counts. A repeat
/// finds the file in place and confirms it when the bytes are the same; other bytes under the same
/// key are foreign, and the item is refused rather than overwriting them; so is one whose name the
/// destination can't have, or whose own bytes can't be read. All else is the destination's fault.
/// Thread-safe.
public final class FolderSink implements Sink {
    private static final Batching EACH = Batching.of(64, 16_000_000);

    /// Two at a time, so that alerts have a slot of their own: they wait for no image.
    private static final Batching CAPTURES = EACH.withParallel(2);

    private static final int COPY_BYTES = 64 * 1024;
    private static final String ASIDE = ".camspool-incoming";
    private static final String PROBE = ".camspool-probe";
    static final String MARKER = ".camspool-sink";

    /// Folders remembered as forced; some hundred days of one box. Then all are forced anew.
    private static final int MAX_FORCED = 1_000;

    private final Disk disk;
    private final Path folder;
    private final Batching alerts;

    /// Folders whose names, and those above, are on the disk.
    private final Set<Path> forced = ConcurrentHashMap.newKeySet();

    private volatile boolean wasMarked;

    public FolderSink(Disk disk, Path folder) {
        this(disk, folder, Optional.empty());
    }

    /// @param alertFiles how alerts go many to a file; empty: one each
    public FolderSink(Disk disk, Path folder, Optional<Batching> alertFiles) {
        this.disk = disk;
        this.folder = folder.toAbsolutePath().normalize();
        this.alerts = alertFiles.map(one -> one.withParallel(1).asSealed()).orElse(EACH);
    }

    @Override
    public void begin(boolean hasDelivered) {
        wasMarked = hasDelivered;
    }

    @Override
    public Batching batching(ItemKind kind) {
        return switch (kind) {
            case ALERT -> alerts;
            case CAPTURE -> CAPTURES;
        };
    }

    @Override
    public List<Outcome> send(Batch batch) {
        var changed = new HashSet<Path>();
        var outcomes =
                batch.seal().isPresent() && !batch.deliveries().isEmpty()
                        ? sealed(batch, batch.seal().get(), changed)
                        : each(batch, changed);
        try {
            for (var place : changed) {
                disk.forceFolder(place);
            }
            remember(changed);
        } catch (IOException e) {
            return unconfirmed(outcomes, fault(e));
        }
        // Where the share has gone meanwhile, they may stand below it.
        return wasMarked && !disk.exists(folder.resolve(MARKER))
                ? unconfirmed(outcomes, new Outcome.SinkFault(folder + " has gone meanwhile"))
                : outcomes;
    }

    private static List<Outcome> unconfirmed(List<Outcome> outcomes, Outcome fault) {
        return outcomes.stream()
                .map(outcome -> outcome instanceof Outcome.Delivered ? fault : outcome)
                .toList();
    }

    private List<Outcome> each(Batch batch, Set<Path> changed) {
        var outcomes = new ArrayList<Outcome>();
        var fault = Optional.<Outcome>empty();
        for (var delivery : batch.deliveries()) {
            fault = fault.or(() -> away(delivery.source()));
            outcomes.add(
                    fault.orElseGet(
                            () ->
                                    put(
                                            delivery.key(),
                                            aside(delivery),
                                            new One(delivery),
                                            changed)));
        }
        return outcomes;
    }

    /// The batch is one object: all of it or nothing is there.
    private List<Outcome> sealed(Batch batch, Batch.Seal seal, Set<Path> changed) {
        var outcome =
                away(batch.deliveries().getFirst().source())
                        .orElseGet(
                                () ->
                                        put(
                                                seal.key() + AlertLines.SUFFIX,
                                                folder.resolve(ASIDE).resolve(seal.id()),
                                                new AlertLines(batch.deliveries()),
                                                changed));
        return Collections.nCopies(batch.deliveries().size(), outcome);
    }

    /// Why the folder is not the one that it should be; empty: it is. A folder that is new gets the
    /// marker.
    private synchronized Optional<Outcome> away(String source) {
        if (!disk.exists(folder)) {
            forced.clear(); // another disk may come in its place
            return Optional.of(new Outcome.SinkFault("the folder " + folder + " is not there"));
        }
        var marker = folder.resolve(MARKER);
        if (disk.exists(marker)) {
            wasMarked = true;
            return Optional.empty();
        }
        if (wasMarked) {
            forced.clear();
            return Optional.of(
                    new Outcome.SinkFault(
                            "%s has lost its %s: is the share mounted? For a new folder, make an empty file of this name there"
                                    .formatted(folder, MARKER)));
        }
        try {
            disk.createFolder(folder.resolve(ASIDE));
            var aside = folder.resolve(ASIDE).resolve(MARKER);
            write(new ByteArrayInputStream((source + "\n").getBytes(UTF_8)), aside);
            disk.rename(aside, marker);
            disk.forceFolder(folder);
            wasMarked = true;
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(fault(e));
        }
    }

    private void remember(Set<Path> folders) {
        if (forced.size() + folders.size() > MAX_FORCED) {
            forced.clear();
        }
        forced.addAll(folders);
    }

    private Outcome put(String key, Path aside, Content content, Set<Path> changed) {
        Path place;
        try {
            place = folder.resolve(key);
        } catch (InvalidPathException e) {
            return new Outcome.ItemRefused("no name there", String.valueOf(e.getMessage()));
        }
        try {
            prepareFolder(parentOf(place), changed);
            if (disk.exists(place)) {
                if (!disk.isFile(place) || !isSame(content, place)) {
                    return new Outcome.ItemRefused("foreign object", place + " holds other bytes");
                }
                // The try that put it there may have ended before it forced the folder.
                changed.add(parentOf(place));
                return new Outcome.Delivered("already at " + place);
            }
            disk.createFolder(folder.resolve(ASIDE));
            try (var in = stream(content::open)) {
                write(in, aside);
            }
            try {
                disk.rename(aside, place);
            } catch (IOException e) {
                if (takesAnotherName(aside, parentOf(place))) {
                    return new Outcome.ItemRefused(
                            "no name there", CamspoolException.causeInWords(e));
                }
                throw e;
            }
            changed.add(parentOf(place));
            return new Outcome.Delivered(place.toString());
        } catch (Unreadable e) {
            return new Outcome.NetworkFault(
                    "can't read the item: " + CamspoolException.causeInWords(e.cause));
        } catch (IOException e) {
            return fault(e);
        }
    }

    /// Whether only the name kept a file from its place, as one that is too long there. Where it
    /// did, the file is gone afterwards.
    private boolean takesAnotherName(Path aside, Path place) {
        var probe = place.resolve(PROBE);
        try {
            disk.rename(aside, probe);
            disk.delete(probe);
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    /// Makes the missing folders below the sink's own, one by one: if that one goes away meanwhile,
    /// this fails. Those whose names may not be on the disk get their parents forced.
    private void prepareFolder(Path place, Set<Path> changed) throws IOException {
        if (place.equals(folder) || (forced.contains(place) && disk.exists(place))) {
            return;
        }
        prepareFolder(parentOf(place), changed);
        disk.createFolder(place);
        changed.add(parentOf(place));
    }

    private void write(InputStream from, Path aside) throws IOException {
        disk.delete(aside);
        try (from;
                var out = disk.create(aside)) {
            for (var read = from.readNBytes(COPY_BYTES);
                    read.length > 0;
                    read = from.readNBytes(COPY_BYTES)) {
                out.write(ByteBuffer.wrap(read));
            }
            out.force();
        }
    }

    private boolean isSame(Content content, Path place) throws IOException {
        try (var ours = content.unpacked(stream(content::openToCheck));
                var there = disk.open(place);
                var theirs = content.unpacked(there)) {
            var mine = new byte[COPY_BYTES];
            var other = new byte[COPY_BYTES];
            while (true) {
                var read = ours.readNBytes(mine, 0, COPY_BYTES);
                var readThere = theirs.readNBytes(other, 0, COPY_BYTES);
                if (read != readThere || !Arrays.equals(mine, 0, read, other, 0, read)) {
                    return false;
                }
                if (read < COPY_BYTES) {
                    return true;
                }
            }
        } catch (ZipException _) {
            return false;
        }
    }

    private static InputStream stream(Opening opening) throws IOException {
        try {
            return opening.open();
        } catch (IOException e) {
            throw new Unreadable(e);
        }
    }

    private Path aside(Delivery delivery) {
        return folder.resolve(ASIDE)
                .resolve(delivery.item().id() + "." + delivery.source().replace('/', '_'));
    }

    private static Path parentOf(Path path) {
        var parent = path.getParent();
        if (parent == null) {
            throw new IllegalArgumentException("no parent: " + path);
        }
        return parent;
    }

    private static Outcome fault(IOException e) {
        return new Outcome.SinkFault(CamspoolException.causeInWords(e));
    }

    /// What belongs in a file.
    interface Content {
        InputStream open() throws IOException;

        /// The same bytes, see [Delivery#openToCheck].
        default InputStream openToCheck() throws IOException {
            return open();
        }

        /// What tells whether two files are the same, of the bytes of one.
        default InputStream unpacked(InputStream file) throws IOException {
            return file;
        }
    }

    private interface Opening {
        InputStream open() throws IOException;
    }

    private record One(Delivery delivery) implements Content {
        @Override
        public InputStream open() throws IOException {
            return content(delivery::open);
        }

        @Override
        public InputStream openToCheck() throws IOException {
            return content(delivery::openToCheck);
        }

        private InputStream content(Opening opening) throws IOException {
            if (delivery.item() instanceof StoredAlert alert) {
                try (var json = opening.open()) {
                    return new ByteArrayInputStream(
                            CloudEvents.alert(delivery, alert, json.readAllBytes()));
                }
            }
            return opening.open();
        }
    }

    /// What was accepted can't be read any more, for which the destination is not to blame.
    private static final class Unreadable extends IOException {
        private static final long serialVersionUID = 1;

        private final IOException cause;

        Unreadable(IOException cause) {
            super(cause);
            this.cause = cause;
        }
    }
}
