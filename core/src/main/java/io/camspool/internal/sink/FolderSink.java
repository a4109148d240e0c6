package io.camspool.internal.sink;

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
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A folder as a destination: images under their key, one CloudEvents file an alert.
///
/// Each file is written aside, forced and renamed; the folders are forced once a batch, and only
/// then is anything confirmed. That a folder exists doesn't show that its name is on the disk: a
/// process may have died after making it. Only what this sink has forced itself counts. A repeat
/// finds the file in place and confirms it when the bytes are the same; other bytes under the same
/// key are foreign, and the item is refused rather than overwriting them; so is one whose name the
/// destination can't have, or whose own bytes can't be read. All else is the destination's fault.
public final class FolderSink implements Sink {
    private static final Batching BATCHING = Batching.of(64, 16_000_000);
    private static final int COPY_BYTES = 64 * 1024;
    private static final String ASIDE = ".camspool-incoming";
    private static final String PROBE = ".camspool-probe";

    /// Folders remembered as forced; some hundred days of one box. Then all are forced anew.
    private static final int MAX_FORCED = 1_000;

    private final Disk disk;
    private final Path folder;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(COPY_BYTES);

    /// Folders whose names, and those above, are on the disk.
    private final Set<Path> forced = new HashSet<>();

    public FolderSink(Disk disk, Path folder) {
        this.disk = disk;
        this.folder = folder.toAbsolutePath().normalize();
    }

    @Override
    public Batching batching(ItemKind kind) {
        return BATCHING;
    }

    @Override
    public List<Outcome> send(Batch batch) {
        var outcomes = new ArrayList<Outcome>();
        var changed = new HashSet<Path>();
        @Nullable Outcome fault = null;
        for (var delivery : batch.deliveries()) {
            if (fault == null && !disk.exists(folder)) {
                fault = new Outcome.SinkFault("the folder " + folder + " is not there");
                forced.clear(); // another disk may come in its place
            }
            outcomes.add(fault != null ? fault : put(delivery, changed));
        }
        try {
            for (var place : changed) {
                disk.forceFolder(place);
            }
            remember(changed);
        } catch (IOException e) {
            var unforced = fault(e);
            outcomes.replaceAll(
                    outcome -> outcome instanceof Outcome.Delivered ? unforced : outcome);
        }
        return outcomes;
    }

    private void remember(Set<Path> folders) {
        if (forced.size() + folders.size() > MAX_FORCED) {
            forced.clear();
        }
        forced.addAll(folders);
    }

    private Outcome put(Delivery delivery, Set<Path> changed) {
        Path place;
        try {
            place = folder.resolve(delivery.key());
        } catch (InvalidPathException e) {
            return new Outcome.ItemRefused("no name there", String.valueOf(e.getMessage()));
        }
        try {
            prepareFolder(parentOf(place), changed);
            if (disk.exists(place)) {
                if (!disk.isFile(place) || !isSame(delivery, place)) {
                    return new Outcome.ItemRefused("foreign object", place + " holds other bytes");
                }
                // The try that put it there may have ended before it forced the folder.
                changed.add(parentOf(place));
                return new Outcome.Delivered("already at " + place);
            }
            disk.createFolder(folder.resolve(ASIDE));
            writeAside(delivery, aside(delivery));
            try {
                disk.rename(aside(delivery), place);
            } catch (IOException e) {
                if (takesAnotherName(delivery, parentOf(place))) {
                    return new Outcome.ItemRefused(
                            "no name there", CamspoolException.causeInWords(e));
                }
                throw e;
            }
            changed.add(parentOf(place));
            return new Outcome.Delivered(place.toString());
        } catch (Unreadable e) {
            return new Outcome.ItemRefused(
                    "its own bytes can't be read", CamspoolException.causeInWords(e.cause));
        } catch (IOException e) {
            return fault(e);
        }
    }

    /// Whether only the name kept a file from its place, as one that is too long there. Where it
    /// did, the file is gone afterwards.
    private boolean takesAnotherName(Delivery delivery, Path place) {
        var probe = place.resolve(PROBE);
        try {
            disk.rename(aside(delivery), probe);
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

    private void writeAside(Delivery delivery, Path aside) throws IOException {
        disk.delete(aside);
        try (var in = content(delivery);
                var out = disk.create(aside)) {
            for (var read = in.read(); read != null; read = in.read()) {
                out.write(read);
            }
            out.force();
        }
    }

    private boolean isSame(Delivery delivery, Path place) throws IOException {
        try (var ours = contentStream(delivery);
                var theirs = disk.open(place)) {
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
        }
    }

    private Chunks content(Delivery delivery) throws IOException {
        return new Chunks(contentStream(delivery), buffer);
    }

    private static InputStream contentStream(Delivery delivery) throws IOException {
        try {
            return open(delivery);
        } catch (IOException e) {
            throw new Unreadable(e);
        }
    }

    private static InputStream open(Delivery delivery) throws IOException {
        if (delivery.item() instanceof StoredAlert alert) {
            try (var json = delivery.open()) {
                return new ByteArrayInputStream(
                        CloudEvents.alert(delivery, alert, json.readAllBytes()));
            }
        }
        return delivery.open();
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

    /// What was accepted can't be read any more, for which the destination is not to blame.
    private static final class Unreadable extends IOException {
        private static final long serialVersionUID = 1;

        private final IOException cause;

        Unreadable(IOException cause) {
            super(cause);
            this.cause = cause;
        }
    }

    /// A stream read into one reused buffer.
    private record Chunks(InputStream in, ByteBuffer buffer) implements AutoCloseable {
        /// The next bytes; null at the end.
        @Nullable ByteBuffer read() throws IOException {
            var bytes = in.readNBytes(buffer.capacity());
            return bytes.length == 0 ? null : buffer.clear().put(bytes).flip();
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}
