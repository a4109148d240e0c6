package io.camspool.internal.disk;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Collection;
import java.util.concurrent.CountDownLatch;

/// A real disk with a fault in the way: asked before each call, it may throw or wait.
public final class FaultyDisk extends PassingDisk {
    /// The calls that can fail.
    public enum Call {
        CREATE_FOLDERS,
        CREATE,
        WRITE,
        FORCE,
        CLOSE,
        LINK,
        RENAME,
        DELETE,
        FORCE_FOLDER,
        OPEN
    }

    /// Decides about one call; returns to let it pass.
    public interface Fault {
        void before(Call call, Path path) throws IOException;

        /// Asked when the call has done its work; what it throws is how the call ends.
        default void after(Call call, Path path) throws IOException {}
    }

    /// Thrown before a write: half of the bytes are written all the same.
    public static final class ShortWrite extends IOException {
        private static final long serialVersionUID = 1;

        public ShortWrite(String message) {
            super(message);
        }
    }

    private volatile Fault fault = (_, _) -> {};

    public void breakWith(Fault newFault) {
        fault = newFault;
    }

    public void mend() {
        fault = (_, _) -> {};
    }

    /// Every such call fails with this message.
    public static Fault failing(Call broken, String message) {
        return (call, _) -> {
            if (call == broken) {
                throw new IOException(message);
            }
        };
    }

    /// Every such call passes and its path is kept.
    public static Fault recording(Call watched, Collection<Path> paths) {
        return (call, path) -> {
            if (call == watched) {
                paths.add(path);
            }
        };
    }

    /// Every such call waits until the latch opens.
    public static Fault hanging(Call broken, CountDownLatch until) {
        return (call, _) -> {
            if (call == broken) {
                try {
                    until.await();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
            }
        };
    }

    @Override
    public void createFolders(Path folder) throws IOException {
        fault.before(Call.CREATE_FOLDERS, folder);
        super.createFolders(folder);
    }

    @Override
    public void createFolder(Path folder) throws IOException {
        fault.before(Call.CREATE_FOLDERS, folder);
        super.createFolder(folder);
    }

    @Override
    public DiskFile create(Path file) throws IOException {
        fault.before(Call.CREATE, file);
        return watched(file, super.create(file));
    }

    private DiskFile watched(Path file, DiskFile real) {
        return new DiskFile() {
            @Override
            public void write(ByteBuffer source) throws IOException {
                try {
                    fault.before(Call.WRITE, file);
                } catch (ShortWrite e) {
                    real.write(source.limit(source.position() + source.remaining() / 2));
                    throw e;
                }
                real.write(source);
            }

            @Override
            public void force() throws IOException {
                fault.before(Call.FORCE, file);
                real.force();
            }

            @Override
            public void close() throws IOException {
                real.close();
                fault.before(Call.CLOSE, file);
            }
        };
    }

    @Override
    public DiskFile openToForce(Path file) throws IOException {
        return watched(file, super.openToForce(file));
    }

    @Override
    public void link(Path name, Path file) throws IOException {
        fault.before(Call.LINK, name);
        super.link(name, file);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        fault.before(Call.RENAME, to);
        super.rename(from, to);
        fault.after(Call.RENAME, to);
    }

    @Override
    public boolean delete(Path file) throws IOException {
        fault.before(Call.DELETE, file);
        var deleted = super.delete(file);
        fault.after(Call.DELETE, file);
        return deleted;
    }

    @Override
    public void forceFolder(Path folder) throws IOException {
        fault.before(Call.FORCE_FOLDER, folder);
        super.forceFolder(folder);
    }

    @Override
    public InputStream open(Path file) throws IOException {
        fault.before(Call.OPEN, file);
        return super.open(file);
    }
}
