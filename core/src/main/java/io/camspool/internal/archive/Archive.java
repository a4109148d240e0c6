package io.camspool.internal.archive;

import io.camspool.Durability;
import io.camspool.ItemId;
import io.camspool.internal.disk.Disk;
import io.camspool.internal.disk.Disk.DiskFile;
import io.camspool.internal.disk.FolderLock;
import io.camspool.internal.disk.Folders;
import io.camspool.internal.disk.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The image files below one folder. Thread-safe.
///
/// The order that makes a crash harmless: [#write] aside and force the file, [#forceIncoming] its
/// name, then the ledger commits the row, then [#place] renames. A row whose file is still aside is
/// placed by the next open; a file aside without a row was never acknowledged. A new date folder is
/// forced with its parent before anything is renamed into it, so that no committed image can be
/// lost with its folder; the renames themselves are forced later, grouped, by [#settle].
public final class Archive {
    static final String INCOMING = ".incoming";

    /// Folders remembered as forced; beyond that they are forced anew.
    private static final int MAX_KNOWN_FOLDERS = 1_000;

    private static final int COPY_BYTES = 64 * 1024;
    private static final String PROBE = ".probe";
    private static final String MARK = ".camspool";
    private static final int MAX_MARK = 100;

    /// What may stand beside the date folders.
    private static final Set<String> OWN =
            Set.of(INCOMING, MARK, FolderLock.LOCK_FILE, FolderLock.PID_FILE);

    private static final Pattern DAY = Pattern.compile("[0-9]{8}");

    private final Disk disk;
    private final Path root;
    private final Path incoming;
    private final Path markFile;
    private final boolean forced;
    private final Set<Path> knownFolders = ConcurrentHashMap.newKeySet();
    private final Set<Path> unsettledFolders = ConcurrentHashMap.newKeySet();

    /// Held while an image gets its place and while an empty date folder goes: never both at once.
    private final ReentrantLock dateFolders = new ReentrantLock();

    private volatile boolean isMarked;

    /// An image and its place below the root.
    ///
    /// @param sha256 what shows that the file at its place is its own; empty: its path is
    public record Image(ItemId id, String path, Optional<String> sha256) {}

    public Archive(Disk disk, Path root, Durability durability) {
        this.disk = disk;
        this.root = root;
        this.incoming = root.resolve(INCOMING);
        this.markFile = root.resolve(MARK);
        this.forced = durability == Durability.FSYNC;
    }

    /// Refuses a folder outside the data folder that is not that of a spool; changes nothing.
    ///
    /// @param mark what tells the spool from others
    /// @param held an image that must be there already; empty: there is none. A disk that is not
    ///   mounted leaves an empty folder in its place
    public void requireOwn(String mark, Optional<Image> held) throws IOException {
        if (disk.exists(markFile)) {
            var found = readMark();
            if (!found.equals(mark)) {
                throw new FileSystemException(
                        root.toString(),
                        null,
                        "it holds the images of another spool, %s, and this is %s; a copy needs images of its own, and their folder without its file %s"
                                .formatted(found, mark, MARK));
            }
        } else if (held.isPresent() && !isThere(held.get())) {
            throw notMounted();
        }
    }

    private boolean isThere(Image image) {
        return disk.exists(root.resolve(image.path)) || disk.exists(aside(image.id));
    }

    private FileSystemException notMounted() {
        return new FileSystemException(
                root.toString(), null, "the images are not there: is their disk mounted?");
    }

    /// Marks a folder that [#requireOwn] has let pass, once the ledger names it.
    public void mark(String mark) throws IOException {
        isMarked = true;
        if (disk.exists(markFile)) {
            return;
        }
        try (var out = disk.create(markFile)) {
            out.write(ByteBuffer.wrap((mark + "\n").getBytes(StandardCharsets.UTF_8)));
            out.force();
        }
    }

    private String readMark() throws IOException {
        try (var in = disk.open(markFile)) {
            return new String(in.readNBytes(MAX_MARK), StandardCharsets.UTF_8).strip();
        }
    }

    /// Makes the folders and forces their names.
    public void prepare() throws IOException {
        Folders.create(disk, incoming);
        // They may stand here since a process that died before it forced them.
        forceFolder(root);
        forceFolder(folderOf(root));
    }

    public Path resolve(String path) {
        return root.resolve(path);
    }

    /// Writes an image aside and forces its content. What a try before left there under this id
    /// goes first: a file whose fsync failed is never forced again.
    public void write(ItemId id, ByteBuffer image) throws IOException {
        try (var file = createAside(id)) {
            file.write(image);
            force(file);
        }
    }

    /// Makes the file of an item aside, to be written piece by piece and forced by [#force]. What a
    /// try before left there goes first, as in [#write].
    public DiskFile createAside(ItemId id) throws IOException {
        try {
            return disk.create(aside(id));
        } catch (FileAlreadyExistsException _) {
            disk.delete(aside(id));
            return disk.create(aside(id));
        }
    }

    /// Whether the disk takes an image of so many bytes now.
    public boolean canWrite(long bytes) {
        var probe = incoming.resolve(PROBE);
        try {
            disk.delete(probe);
            try (var file = disk.create(probe)) {
                for (var left = Math.max(1, bytes); left > 0; left -= COPY_BYTES) {
                    file.write(ByteBuffer.allocate((int) Math.min(COPY_BYTES, left)));
                }
                file.force();
            } finally {
                disk.delete(probe);
            }
            forceFolder(incoming);
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    /// Gives a file of the caller's a second name aside; null where the file system can't. Its
    /// content is forced by [#force].
    public @Nullable DiskFile linkAside(ItemId id, Path file) throws IOException {
        disk.delete(aside(id));
        try {
            disk.link(aside(id), file);
        } catch (IOException _) {
            return null; // another file system, or one without hard links: it can be copied
        }
        try {
            return disk.openToForce(aside(id));
        } catch (IOException e) {
            disk.delete(aside(id));
            throw e;
        }
    }

    /// Forces the content of a file aside.
    public void force(DiskFile file) throws IOException {
        if (forced) {
            file.force();
        }
    }

    /// Reads what stands aside.
    public InputStream openAside(ItemId id) throws IOException {
        return disk.open(aside(id));
    }

    /// Reads a file of the caller's.
    public InputStream openFile(Path file) throws IOException {
        return disk.open(file);
    }

    /// Whether there is such a file of the caller's.
    public boolean isFile(Path file) {
        return disk.isFile(file);
    }

    /// Size of a file of the caller's, in bytes.
    public long sizeOf(Path file) throws IOException {
        return disk.size(file);
    }

    /// Forces the names of all images written aside so far.
    public void forceIncoming() throws IOException {
        forceFolder(incoming);
    }

    /// Gives an image whose row is committed its place; does nothing when it has it. Throws
    /// [NoSuchFileException] when there is no such image.
    public void place(ItemId id, String path) throws IOException {
        var place = root.resolve(path);
        dateFolders.lock();
        try {
            place(id, place, folderOf(place));
        } finally {
            dateFolders.unlock();
        }
    }

    private void place(ItemId id, Path place, Path folder) throws IOException {
        prepareFolder(folder);
        if (disk.exists(place) && disk.exists(aside(id))) {
            throw new FileAlreadyExistsException(place.toString());
        }
        try {
            disk.rename(aside(id), place);
        } catch (NoSuchFileException _) {
            if (!disk.exists(aside(id))) {
                requirePlaced(place);
                return;
            }
            // Somebody has removed the folder that was known.
            knownFolders.remove(folder);
            prepareFolder(folder);
            disk.rename(aside(id), place);
        }
        unsettledFolders.add(folder);
    }

    private void requirePlaced(Path place) throws NoSuchFileException {
        if (!disk.exists(place)) {
            throw new NoSuchFileException(place.toString());
        }
    }

    /// Removes an image that was written aside and has no row.
    public void discard(ItemId id) throws IOException {
        disk.delete(aside(id));
    }

    /// Removes images from wherever they are, and forces their names away, each folder once: also
    /// where an image is gone already, for a try before this one may have ended in between. What at
    /// a place can't be shown to be the image stays. Date folders that are empty then go too. Tries
    /// every image; answers which may still be there, and why: all, where the folder of the images
    /// is gone, for they come back with their disk.
    public Map<ItemId, IOException> remove(List<Image> images) {
        var failures = new HashMap<ItemId, IOException>();
        var byFolder = new LinkedHashMap<Path, List<ItemId>>();
        for (var image : images) {
            try {
                var place = root.resolve(image.path);
                disk.delete(aside(image.id));
                if (isOwn(image, place)) {
                    disk.delete(place);
                }
                byFolder.computeIfAbsent(folderOf(place), _ -> new ArrayList<>()).add(image.id);
            } catch (IOException e) {
                failures.put(image.id, e);
            }
        }
        if (isAway()) {
            images.forEach(image -> failures.putIfAbsent(image.id, notMounted()));
            return failures;
        }
        byFolder.forEach(
                (folder, ids) -> {
                    try {
                        forceFolder(folder);
                        removeIfEmpty(folder);
                    } catch (NoSuchFileException _) {
                        // gone with all that was in it
                    } catch (IOException e) {
                        ids.forEach(id -> failures.put(id, e));
                    }
                });
        return failures;
    }

    /// Whether the disk of the images has gone since [#prepare] and [#mark].
    private boolean isAway() {
        return !disk.exists(incoming) || (isMarked && !disk.exists(markFile));
    }

    /// The place may have been taken by another program's file before the image came, and have been
    /// taken since it went.
    private boolean isOwn(Image image, Path place) throws IOException {
        return image.sha256.isEmpty()
                || (disk.isFile(place) && Sha256.of(disk.open(place)).equals(image.sha256.get()));
    }

    /// Not forced, and not insisted on: an empty folder that stays or comes back harms nothing.
    private void removeIfEmpty(Path folder) {
        dateFolders.lock();
        try {
            if (disk.delete(folder)) {
                knownFolders.remove(folder);
            }
        } catch (IOException _) {
            // most often it is in use
        } finally {
            dateFolders.unlock();
        }
    }

    /// Reads an image: from aside while it has no place, for at its place may stand another file.
    public InputStream open(ItemId id, String path) throws IOException {
        try {
            return disk.open(aside(id));
        } catch (NoSuchFileException _) {
            return disk.open(root.resolve(path));
        }
    }

    /// Forces the renames made since the last call. Tries every folder, then throws the first
    /// failure; what failed is tried again by the next call.
    public void settle() throws IOException {
        IOException failure = null;
        for (var folder : List.copyOf(unsettledFolders)) {
            unsettledFolders.remove(folder);
            try {
                forceFolder(folder);
            } catch (NoSuchFileException _) {
                knownFolders.remove(folder);
            } catch (IOException e) {
                unsettledFolders.add(folder);
                failure = failure == null ? e : failure;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    /// Gets names one after the other, however many there are.
    public interface Names {
        void take(String name) throws IOException;
    }

    /// The ids of the images aside; names that are no id come as they are. They may be placed or
    /// removed meanwhile.
    public void forEachAside(Names names) throws IOException {
        disk.list(
                incoming,
                file -> {
                    if (!nameOf(file).equals(PROBE)) { // the next probe replaces what a crash left
                        names.take(nameOf(file));
                    }
                });
    }

    /// Removes a file aside by the name that [#forEachAside] gave.
    public void discardNamed(String name) throws IOException {
        disk.delete(incoming.resolve(name));
    }

    /// Moves a file aside that nobody can vouch for to another folder, under a name that is free
    /// there.
    public void quarantineNamed(String name, Path folder) throws IOException {
        Folders.create(disk, folder);
        var from = incoming.resolve(name);
        var to = folder.resolve(name);
        for (var number = 2; disk.exists(to); number++) {
            to = folder.resolve(name + "~" + number);
        }
        try {
            disk.rename(from, to);
        } catch (AtomicMoveNotSupportedException _) { // another file system
            copy(from, to);
            disk.delete(from);
        }
        forceFolder(folder);
        forceFolder(incoming);
    }

    private void copy(Path from, Path to) throws IOException {
        try (var in = disk.open(from);
                var out = disk.create(to)) {
            for (var chunk = in.readNBytes(COPY_BYTES);
                    chunk.length > 0;
                    chunk = in.readNBytes(COPY_BYTES)) {
                out.write(ByteBuffer.wrap(chunk));
            }
            out.force();
        }
    }

    /// The date folders.
    public List<String> days() throws IOException {
        var days = new ArrayList<String>();
        disk.list(
                root,
                file -> {
                    if (isDay(nameOf(file))) {
                        days.add(nameOf(file));
                    }
                });
        return days;
    }

    /// What stands beside the date folders and has no business there.
    public void forEachStray(Names names) throws IOException {
        disk.list(
                root,
                file -> {
                    var name = nameOf(file);
                    if (!isDay(name) && !OWN.contains(name)) {
                        names.take(name);
                    }
                });
    }

    private static boolean isDay(String name) {
        return DAY.matcher(name).matches();
    }

    /// The paths of all files in a date folder, as the ledger names them.
    public void forEachFileOf(String day, Names paths) throws IOException {
        disk.list(root.resolve(day), file -> paths.take(day + "/" + nameOf(file)));
    }

    /// Whether there is such a file in a date folder.
    public boolean isThere(String path) {
        return disk.exists(root.resolve(path));
    }

    private void prepareFolder(Path folder) throws IOException {
        if (knownFolders.contains(folder)) {
            return;
        }
        try {
            disk.createFolders(folder);
        } catch (FileAlreadyExistsException e) {
            throw new IOException(folder + " is in the way: not a folder", e);
        }
        forceFolder(root);
        if (knownFolders.size() >= MAX_KNOWN_FOLDERS) {
            knownFolders.clear();
        }
        knownFolders.add(folder);
    }

    private void forceFolder(Path folder) throws IOException {
        if (forced) {
            disk.forceFolder(folder);
        }
    }

    private Path aside(ItemId id) {
        return incoming.resolve(id.value());
    }

    private static Path folderOf(Path file) {
        var folder = file.getParent();
        if (folder == null) {
            throw new IllegalArgumentException("no folder: " + file);
        }
        return folder;
    }

    private static String nameOf(Path file) {
        var name = file.getFileName();
        return name == null ? file.toString() : name.toString();
    }
}
