package io.camspool.agent.demo;

import io.camspool.CamspoolException;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Where the demo keeps its files.
///
/// @param data the spool's data folder
/// @param cloud the folder that plays the cloud
/// @param temporary what to delete at the end; empty: nothing
record Places(Path data, Path cloud, Optional<Path> temporary) {
    /// Temporary folders.
    static Places inTemporaryFolder() throws IOException {
        var base = Files.createTempDirectory("camspool-demo-");
        var cloud = Files.createDirectory(base.resolve("cloud"));
        return new Places(base.resolve("data"), cloud, Optional.of(base));
    }

    /// The given data folder, and the cloud beside it as `<data>-cloud`. Both must be new or empty:
    /// what else is there would be counted as doubled.
    static Places at(Path folder) throws IOException {
        var data = folder.toAbsolutePath().normalize();
        var name = data.getFileName();
        if (name == null) {
            throw CamspoolException.invalid("--data", folder, "a new or empty folder");
        }
        var cloud = data.resolveSibling(name + "-cloud");
        requireNewOrEmpty(data);
        requireNewOrEmpty(cloud);
        Files.createDirectories(cloud);
        return new Places(data, cloud, Optional.empty());
    }

    private static void requireNewOrEmpty(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (var entries = Files.newDirectoryStream(folder)) {
            if (entries.iterator().hasNext()) {
                throw CamspoolException.invalid("--data", folder, "a new or empty folder");
            }
        }
    }

    void deleteTemporary() throws IOException {
        if (temporary.isPresent()) {
            Files.walkFileTree(temporary.get(), new Deletion());
        }
    }

    private static final class Deletion extends SimpleFileVisitor<Path> {
        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure)
                throws IOException {
            if (failure != null) {
                throw failure;
            }
            Files.delete(folder);
            return FileVisitResult.CONTINUE;
        }
    }
}
