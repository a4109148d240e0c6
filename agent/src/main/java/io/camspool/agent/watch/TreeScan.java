package io.camspool.agent.watch;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Locale;

/// A look through a tree in steps, which holds one open folder a level and no list of names.
/// Follows no links. Confined to one thread.
final class TreeScan implements AutoCloseable {
    /// Levels, of which each holds a file descriptor.
    private static final int MAX_DEPTH = 64;

    /// Gets what is found.
    interface Finds {
        /// A folder, before what is in it; false: it is none of this.
        boolean folder(Path folder);

        void file(Path file, FileStamp stamp);

        void unreadable(Path path, IOException why);
    }

    private record Level(DirectoryStream<Path> stream, Iterator<Path> entries) {}

    private final Path root;
    private final ArrayDeque<Level> levels = new ArrayDeque<>();
    private boolean begun;

    TreeScan(Path root) {
        this.root = root;
    }

    /// Looks at so many entries at most; whether that was the last.
    boolean step(int entries, Finds finds) {
        if (!begun) {
            begun = true;
            enter(root, finds);
        }
        for (var i = 0; i < entries && !levels.isEmpty(); i++) {
            next(levels.getLast(), finds);
        }
        return levels.isEmpty();
    }

    @SuppressWarnings("StreamResourceLeak") // a level closes it, or this scan
    private void enter(Path folder, Finds finds) {
        if (!finds.folder(folder)) {
            return;
        }
        try {
            if (levels.size() == MAX_DEPTH) {
                throw new IOException("more than " + MAX_DEPTH + " folders deep");
            }
            var stream = Files.newDirectoryStream(folder);
            levels.add(new Level(stream, stream.iterator()));
        } catch (IOException e) {
            unreadable(folder, e, finds);
        }
    }

    private void next(Level level, Finds finds) {
        try {
            if (level.entries.hasNext()) {
                visit(level.entries.next(), finds);
            } else {
                levels.removeLast();
                level.stream.close();
            }
        } catch (DirectoryIteratorException e) {
            levels.remove(level);
            finds.unreadable(root, new IOException(e.getMessage(), e));
        } catch (IOException e) {
            finds.unreadable(root, e);
        }
    }

    private void visit(Path path, Finds finds) {
        if (isIgnored(path)) {
            return;
        }
        try {
            var attributes =
                    Files.readAttributes(
                            path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            if (attributes.isDirectory()) {
                enter(path, finds);
            } else if (attributes.isRegularFile()) {
                finds.file(path, FileStamp.of(attributes));
            }
        } catch (IOException e) {
            unreadable(path, e, finds);
        }
    }

    /// What has gone meanwhile is no trouble, but for the tree itself.
    private void unreadable(Path path, IOException why, Finds finds) {
        if (!(why instanceof NoSuchFileException) || path.equals(root)) {
            finds.unreadable(path, why);
        }
    }

    /// Hidden, or by its name on its way to another.
    static boolean isIgnored(Path path) {
        var name = String.valueOf(path.getFileName()).toLowerCase(Locale.ROOT);
        return name.startsWith(".")
                || name.endsWith(".tmp")
                || name.endsWith(".part")
                || name.endsWith(".filepart");
    }

    @Override
    public void close() {
        for (var level : levels) {
            try {
                level.stream.close();
            } catch (IOException _) {
                // it was only read
            }
        }
        levels.clear();
    }
}
