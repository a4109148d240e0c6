package io.camspool.agent.watch;

import io.camspool.Receipt;
import io.camspool.Stored;
import java.nio.file.Path;

/// Gets what becomes of each file, on the thread of the watch.
public interface WatchReport {
    /// Says that a file was stored and is gone from the folder.
    ///
    /// @param alert whether the file is an alert's, or was stored together with one
    void taken(Path file, Receipt receipt, Stored stored, boolean alert);

    /// Says that a file can't be taken.
    ///
    /// @param moved where it is now
    void refused(Path file, Path moved, String why);

    /// It stays and is tried again.
    void failed(Path path, String why);

    /// Tells nobody.
    static WatchReport none() {
        return new WatchReport() {
            @Override
            public void taken(Path file, Receipt receipt, Stored stored, boolean alert) {}

            @Override
            public void refused(Path file, Path moved, String why) {}

            @Override
            public void failed(Path path, String why) {}
        };
    }
}
