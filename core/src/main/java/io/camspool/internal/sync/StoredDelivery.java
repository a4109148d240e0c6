package io.camspool.internal.sync;

import io.camspool.ItemKind;
import io.camspool.StoredItem;
import io.camspool.internal.archive.Archive;
import io.camspool.internal.ledger.DueDelivery;
import io.camspool.internal.ledger.Reads;
import io.camspool.sink.Delivery;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// A delivery whose bytes stand in the archive or the ledger.
record StoredDelivery(DueDelivery due, Archive archive, Reads reads) implements Delivery {
    @Override
    public StoredItem item() {
        return due.item();
    }

    @Override
    public String source() {
        return due.source();
    }

    @Override
    public String key() {
        return due.key();
    }

    @Override
    public InputStream open() throws IOException {
        if (item().kind() == ItemKind.CAPTURE) {
            return archive.open(item().id(), due.path());
        }
        return reads.openJson(item().id());
    }

    /// Whether the stored bytes are still those that were accepted.
    boolean isIntact() throws IOException {
        var digest = newSha256();
        try (var in = new DigestInputStream(open(), digest)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        return HexFormat.of().formatHex(digest.digest()).equals(item().sha256());
    }

    private static MessageDigest newSha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
