package io.camspool.sink;

import io.camspool.StoredItem;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.atomic.AtomicInteger;

/// A delivery that counts how often its bytes are opened to be sent.
public record CountedDelivery(Delivery whole, AtomicInteger sent) implements Delivery {
    public CountedDelivery(Delivery whole) {
        this(whole, new AtomicInteger());
    }

    @Override
    public StoredItem item() {
        return whole.item();
    }

    @Override
    public String key() {
        return whole.key();
    }

    @Override
    public String source() {
        return whole.source();
    }

    @Override
    public InputStream open() throws IOException {
        sent.incrementAndGet();
        return whole.open();
    }

    @Override
    public InputStream openToCheck() throws IOException {
        return whole.open();
    }
}
