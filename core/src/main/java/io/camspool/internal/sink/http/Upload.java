package io.camspool.internal.sink.http;

import io.camspool.CamspoolException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import org.jspecify.annotations.Nullable;

/// One way of a body to the receiver: how far it is, and whether its source failed.
final class Upload implements AutoCloseable {
    private final RequestBody body;
    private final InputStream source;
    private volatile long taken;
    private volatile boolean finished;
    private volatile @Nullable IOException sourceFailure;

    Upload(RequestBody body) throws FaultException {
        this.body = body;
        this.finished = body.length() == 0;
        try {
            source = body.open();
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    static FaultException unreadable(IOException e) {
        return FaultException.ofNetwork(
                "can't read the item: " + CamspoolException.causeInWords(e));
    }

    BodyPublisher publisher() {
        return body.length() == 0
                ? BodyPublishers.noBody()
                : BodyPublishers.fromPublisher(
                        BodyPublishers.ofInputStream(() -> new Counted(source)), body.length());
    }

    /// Bytes that the connection has taken over.
    long taken() {
        return taken;
    }

    /// Whether it has taken all.
    boolean isFinished() {
        return finished;
    }

    /// Why the source can't be read; null: it can.
    @Nullable IOException sourceFailure() {
        return sourceFailure;
    }

    @Override
    public void close() {
        try {
            source.close();
        } catch (IOException _) {
            // It was only read.
        }
    }

    private final class Counted extends FilterInputStream {
        private Counted(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        @SuppressWarnings("NonAtomicVolatileUpdate") // only the connection's thread writes
        public int read(byte[] target, int offset, int length) throws IOException {
            try {
                var read = super.read(target, offset, length);
                taken += Math.max(0, read);
                finished = read < 0 || taken >= body.length();
                return read;
            } catch (IOException e) {
                sourceFailure = e;
                throw e;
            }
        }
    }
}
