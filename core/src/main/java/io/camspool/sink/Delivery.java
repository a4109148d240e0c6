package io.camspool.sink;

import io.camspool.StoredItem;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/// One item owed to one sink. Repeats carry the same id, key and bytes.
public interface Delivery {
    StoredItem item();

    /// Where the item goes at the sink: a relative path of safe names with `/`, fixed when the
    /// delivery was made.
    String key();

    /// Box and spool the item comes from, as a CloudEvents `source`.
    String source();

    /// The captures that were saved with this alert, in their order, whether they are still held or
    /// not; empty for others.
    default List<CaptureLink> captures() {
        return List.of();
    }

    /// Whether this alert goes though its captures are not all at the sink that it waited for.
    default boolean isIncomplete() {
        return false;
    }

    /// The stored bytes: the image file, or the alert's JSON.
    InputStream open() throws IOException;

    /// The same bytes, to be looked at and not sent: no bandwidth is spent on them.
    default InputStream openToCheck() throws IOException {
        return open();
    }
}
