package io.camspool.agent.http;

import io.camspool.CamspoolException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/// A Unix socket to listen on.
///
/// @param mode who may connect; that takes the right to write
/// @param group whom the file belongs to besides its owner
public record UnixSocket(Path path, Set<PosixFilePermission> mode, Optional<String> group) {
    /// The least of what systems can name, without the ending zero.
    private static final int MAX_PATH_BYTES = 103;

    public UnixSocket {
        path = path.toAbsolutePath().normalize();
        mode = Set.copyOf(mode);
    }

    /// For its owner alone.
    public UnixSocket(Path path) {
        this(path, PosixFilePermissions.fromString("rw-------"), Optional.empty());
    }

    /// Where to bind: in a folder that nobody else can enter, until [#publish] has set who may
    /// connect. Made there, the file would be open to others for a moment.
    Path prepare() {
        try {
            removeIfStale();
            var folder = Files.createTempDirectory(path.getParent(), ".http");
            var bound = folder.resolve("s");
            if (bound.toString().getBytes(StandardCharsets.UTF_8).length > MAX_PATH_BYTES) {
                Files.delete(folder);
                throw CamspoolException.invalid(
                        "listen", path, "a Unix socket whose path is shorter");
            }
            return bound;
        } catch (IOException e) {
            throw failed(e);
        }
    }

    void publish(Path bound) {
        try {
            var view = Files.getFileAttributeView(bound, PosixFileAttributeView.class);
            if (group.isPresent()) {
                view.setGroup(
                        bound.getFileSystem()
                                .getUserPrincipalLookupService()
                                .lookupPrincipalByGroupName(group.get()));
            }
            view.setPermissions(mode);
            Files.move(bound, path, StandardCopyOption.ATOMIC_MOVE);
            Files.delete(folderOf(bound));
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /// Undoes [#prepare]; harmless after [#publish].
    void discard(Path bound) {
        try {
            Files.deleteIfExists(bound);
            Files.deleteIfExists(folderOf(bound));
        } catch (IOException e) {
            throw failed(e);
        }
    }

    void remove() {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /// Removes what a process that was killed has left: a socket that nobody answers.
    private void removeIfStale() throws IOException {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        var attributes =
                Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (!attributes.isOther()) {
            throw CamspoolException.invalid("listen", path, "a path where nothing else stands");
        }
        if (isAnswered()) {
            throw CamspoolException.invalid(
                    "listen", path, "a Unix socket that no other process listens on");
        }
        Files.deleteIfExists(path);
    }

    private boolean isAnswered() throws IOException {
        try (var channel = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
            return channel.isConnected();
        } catch (ConnectException _) {
            return false;
        }
    }

    private CamspoolException failed(IOException cause) {
        return CamspoolException.storage(
                "listen on",
                path,
                cause,
                "check that its folder exists and may be written to, and that the group exists");
    }

    private static Path folderOf(Path bound) {
        return Objects.requireNonNull(bound.getParent());
    }
}
