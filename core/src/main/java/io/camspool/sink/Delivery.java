package io.camspool.sink;

import io.camspool.StoredItem;
import java.io.IOException;
import java.io.InputStream;

/// One item owed to one sink. Repeats carry the same id, key and bytes.
public interface Delivery {
    StoredItem item();

    /// Where the item goes at the sink: a relative path of safe names with `/`, fixed when the
    /// delivery was made.
    String key();

    /// Box and spool the item comes from, as a CloudEvents `source`.
    String source();

    /// The stored bytes: the image file, or the alert's JSON.
    InputStream open() throws IOException;
}
