package io.camspool.sink;

import io.camspool.ItemKind;
import io.camspool.internal.engine.Engine;
import java.nio.file.Path;

/// The sinks that come with the library.
public final class Sinks {
    private Sinks() {}

    /// A folder: images under their key, one CloudEvents 1.0 file an alert. Files are written
    /// aside, forced and renamed. The folder must exist, and keep the marker file that the first
    /// delivery leaves in it: a share that is not mounted is a fault, not a new empty folder.
    public static Sink folder(Path folder) {
        return Engine.folderSink(folder);
    }

    /// A folder where alerts go many to a file: each batch is one `.ndjson.gz` of CloudEvents
    /// lines.
    ///
    /// @param alerts how many go to a file, and how long they wait for each other
    public static Sink folder(Path folder, Batching alerts) {
        return Engine.folderSink(folder, alerts);
    }

    /// A receiver over HTTP. docs/http-sink.md says what goes over the wire.
    public static Sink http(HttpSettings settings) {
        return Engine.httpSink(settings);
    }

    /// A sink that programs drain themselves, by [io.camspool.Camspool#pull]. Where it is required,
    /// as is usual, an item stays until a program has confirmed it: if none ever does, all that it
    /// is owed stays forever and the disk fills up.
    public static Sink pull() {
        return Engine.pullSink();
    }

    /// A sink that programs drain themselves and that is owed one kind of items.
    ///
    /// @param only the kind that it takes
    public static Sink pull(ItemKind only) {
        return Engine.pullSink(only);
    }
}
