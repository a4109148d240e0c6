package io.camspool.agent.http;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataReader;
import io.helidon.common.buffers.DataWriter;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.common.socket.HelidonSocket;
import io.helidon.common.socket.PeerInfo;
import io.helidon.http.DirectHandler.EventType;
import io.helidon.http.RequestException;
import io.helidon.http.Status;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.ListenerContext;
import io.helidon.webserver.Router;
import io.helidon.webserver.ServerConnectionException;
import io.helidon.webserver.spi.ServerConnection;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A connection that knows how long its client has kept it waiting.
///
/// It stands between Helidon's connection and the socket: reads and writes are timed, and Helidon's
/// idle timer, which asks each connection for [#idleTime] every [HttpLimits#checkPeriod], is what
/// has an overdue one closed. Closing the socket, rather than interrupting the thread, leaves the
/// files that a route has open alone. The connection's thread moves the phases on, the timer's
/// looks.
final class GuardedConnection implements ServerConnection {
    private static final ScopedValue<GuardedConnection> CURRENT = ScopedValue.newInstance();

    /// A large answer is written in parts, so that a slow client isn't taken for one that stalls.
    private static final int WRITE_BYTES = 8 << 10;

    private enum Phase {
        /// Between two requests.
        IDLE,
        /// From the first byte of a request.
        LINE,
        /// From the end of its line.
        HEADER,
        /// From the end of its header: body, route and answer.
        REQUEST,
        /// All is answered; what still comes is thrown away.
        DRAIN
    }

    private final ConnectionContext context;
    private final ServerConnection http1;
    private final HttpLimits limits;
    private final Refusals refusals;
    private final Pace incoming = new Pace(System::nanoTime);
    private final Pace outgoing = new Pace(System::nanoTime);
    private volatile Phase phase = Phase.IDLE;
    private volatile long phaseSince = System.nanoTime();
    private volatile boolean cut;

    GuardedConnection(
            ConnectionContext context,
            Function<ConnectionContext, ServerConnection> http1,
            HttpLimits limits,
            Refusals refusals) {
        this.context = context;
        this.limits = limits;
        this.refusals = refusals;
        this.http1 =
                http1.apply(
                        new Context(
                                context, new Reader(this::read), new Writer(context.dataWriter())));
    }

    /// The one that this thread handles.
    static GuardedConnection current() {
        return CURRENT.get();
    }

    @Override
    public void handle(Limit limit) throws InterruptedException {
        ScopedValue.where(CURRENT, this)
                .call(
                        () -> {
                            http1.handle(limit);
                            // It has answered what it could not read, and gives up.
                            drain();
                            return this;
                        });
    }

    @Override
    public Duration idleTime() {
        var refusal = overdue();
        if (refusal != null) {
            cutOff(refusal);
        } else if (phase == Phase.DRAIN && inPhase() > limits.drain().toNanos()) {
            closeSocket();
        }
        return phase == Phase.IDLE ? http1.idleTime() : Duration.ZERO;
    }

    @Override
    public void close(boolean interrupt) {
        http1.close(interrupt);
    }

    void lineRead() {
        if (phase == Phase.IDLE) { // it came with the request before
            phaseSince = System.nanoTime();
        }
        phase = Phase.HEADER;
    }

    void headerRead() {
        incoming.reset();
        outgoing.reset();
        enter(Phase.REQUEST);
    }

    void answered() {
        incoming.reset();
        enter(Phase.IDLE);
    }

    /// Whether the header was given up on for its size.
    boolean headerIsTooLarge() {
        return phase == Phase.HEADER && incoming.bytes() > limits.maxHeaderBytes();
    }

    /// Throws away what the client still sends, for a while: were the socket closed before, it
    /// would see a reset and perhaps no answer.
    void drain() {
        enter(Phase.DRAIN);
        var raw = context.dataReader();
        try {
            for (var left = limits.maxBodyBytes(); left > 0; ) {
                raw.ensureAvailable();
                var length = raw.available();
                raw.skip(length);
                left -= length;
            }
        } catch (DataReader.InsufficientDataAvailableException
                | ServerConnectionException
                | UncheckedIOException _) {
            // the client is gone, or its time is up
        }
    }

    /// Counts a client that went away in the middle, unless it was cut off.
    void gone() {
        if (!cut) {
            cut = true;
            refusals.add(Refusal.GONE);
        }
    }

    private @Nullable Refusal overdue() {
        if (outgoing.isTooSlow(limits)) {
            return Refusal.SLOW_READER;
        }
        return switch (phase) {
            case LINE, HEADER ->
                    inPhase() > limits.headerDeadline().toNanos() ? Refusal.SLOW_HEADER : null;
            case REQUEST -> incoming.isTooSlow(limits) ? Refusal.SLOW_BODY : null;
            case IDLE, DRAIN -> null;
        };
    }

    private void cutOff(Refusal refusal) {
        if (!cut) {
            cut = true;
            refusals.add(refusal);
        }
        closeSocket();
    }

    /// Throws nothing: that would end the timer, and with it every limit.
    private void closeSocket() {
        try {
            context.serverSocket().close();
        } catch (RuntimeException _) {
            // it is closed already
        }
    }

    private void enter(Phase next) {
        phaseSince = System.nanoTime();
        phase = next;
    }

    private long inPhase() {
        return System.nanoTime() - phaseSince;
    }

    /// The next bytes; null at the end.
    private byte @Nullable [] read() {
        var raw = context.dataReader();
        incoming.begin();
        try {
            raw.ensureAvailable();
        } catch (DataReader.InsufficientDataAvailableException _) {
            return null;
        } finally {
            incoming.end(raw.available());
        }
        if (phase == Phase.IDLE) {
            enter(Phase.LINE);
        }
        return raw.readBytes(raw.available());
    }

    private static final class Reader extends DataReader {
        @SuppressWarnings("removal") // what is to replace it can't be extended
        Reader(Supplier<byte[]> source) {
            super(source);
        }

        @Override
        public BufferData readBuffer(int length) {
            if (length > HttpLimits.MAX_CHUNK_BYTES) {
                throw RequestException.builder()
                        .type(EventType.PAYLOAD_TOO_LARGE)
                        .status(Status.REQUEST_ENTITY_TOO_LARGE_413)
                        .message("chunk")
                        .setKeepAlive(false)
                        .build();
            }
            return super.readBuffer(length);
        }
    }

    private final class Writer implements DataWriter {
        private final DataWriter raw;

        Writer(DataWriter raw) {
            this.raw = raw;
        }

        @Override
        public void write(BufferData... buffers) {
            for (var buffer : buffers) {
                write(buffer);
            }
        }

        @Override
        public void write(BufferData buffer) {
            while (buffer.available() > WRITE_BYTES) {
                var part = new byte[WRITE_BYTES];
                buffer.read(part);
                timed(WRITE_BYTES, () -> raw.write(BufferData.create(part)));
            }
            timed(buffer.available(), () -> raw.write(buffer));
        }

        @Override
        public void writeNow(BufferData... buffers) {
            for (var buffer : buffers) {
                writeNow(buffer);
            }
        }

        @Override
        public void writeNow(BufferData buffer) {
            timed(buffer.available(), () -> raw.writeNow(buffer));
        }

        @Override
        public void flush() {
            timed(0, raw::flush);
        }

        private void timed(int bytes, Runnable write) {
            outgoing.begin();
            try {
                write.run();
            } finally {
                outgoing.end(bytes);
            }
        }
    }

    private record Context(ConnectionContext context, DataReader dataReader, DataWriter dataWriter)
            implements ConnectionContext {
        @Override
        public ListenerContext listenerContext() {
            return context.listenerContext();
        }

        @Override
        public ExecutorService executor() {
            return context.executor();
        }

        @Override
        public Router router() {
            return context.router();
        }

        @Override
        public HelidonSocket serverSocket() {
            return context.serverSocket();
        }

        @Override
        public PeerInfo remotePeer() {
            return context.remotePeer();
        }

        @Override
        public PeerInfo localPeer() {
            return context.localPeer();
        }

        @Override
        public boolean isSecure() {
            return context.isSecure();
        }

        @Override
        public String socketId() {
            return context.socketId();
        }

        @Override
        public String childSocketId() {
            return context.childSocketId();
        }
    }
}
