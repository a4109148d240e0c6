package io.camspool.faults;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/// A link between a sink and its server, on a port of its own, that fails as links do. Faults
/// change while it runs, also for connections that stand.
public final class FaultyProxy implements Closeable {
    private static final int STEP = 4 * 1024;

    private final ServerSocket listener;
    private final InetSocketAddress server;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicLong connections = new AtomicLong();
    private final SplittableRandom random;
    private volatile Link link = Link.GOOD;
    private long free = System.nanoTime();

    /// What the link does.
    ///
    /// @param way how it fails
    /// @param bytesASecond to the server, of all connections together; 0: as many as come
    /// @param latency before each answer goes on
    public record Link(Way way, long bytesASecond, Duration latency) {
        public static final Link GOOD = new Link(Way.PASS, 0, Duration.ZERO);

        public static Link of(Way way) {
            return new Link(way, 0, Duration.ZERO);
        }
    }

    /// How a link fails.
    public enum Way {
        PASS,
        /// Connections end as soon as they are made.
        REFUSE,
        /// Connections are made, and nothing is answered.
        HANG,
        /// Connections are reset after some kilobytes of what is sent.
        RESET_IN_BODY,
        /// What is answered never comes back.
        LOSE_ANSWER,
        /// Connections are reset at random.
        CUT_AT_RANDOM
    }

    public FaultyProxy(int serverPort, long seed) {
        try {
            listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server = new InetSocketAddress(InetAddress.getLoopbackAddress(), serverPort);
        random = new SplittableRandom(seed);
        Thread.ofVirtual().start(this::accept);
    }

    public int port() {
        return listener.getLocalPort();
    }

    /// Connections that were made to it so far.
    public long connections() {
        return connections.get();
    }

    /// Fails so from now on; what stands is cut, as when a link changes.
    public void turn(Link newLink) {
        link = newLink;
        synchronized (this) {
            free = System.nanoTime();
        }
        open.forEach(FaultyProxy::reset);
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                var client = listener.accept();
                connections.incrementAndGet();
                Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException _) {
                // closed
            }
        }
    }

    private void serve(Socket client) {
        open.add(client);
        try (client) {
            switch (link.way) {
                case REFUSE -> reset(client);
                case HANG -> swallow(client.getInputStream());
                default -> join(client);
            }
        } catch (IOException _) {
            // cut
        } finally {
            open.remove(client);
        }
    }

    private static void swallow(InputStream in) throws IOException {
        var bytes = new byte[STEP];
        while (in.read(bytes) >= 0) {
            // and no answer
        }
    }

    private void join(Socket client) throws IOException {
        try (var upstream = new Socket()) {
            upstream.connect(server);
            open.add(upstream);
            var back = Thread.ofVirtual().start(() -> answer(upstream, client));
            ask(client, upstream);
            upstream.shutdownOutput();
            back.join();
            open.remove(upstream);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void ask(Socket client, Socket upstream) throws IOException {
        var bytes = new byte[STEP];
        var in = client.getInputStream();
        var out = upstream.getOutputStream();
        var sent = 0L;
        for (var read = in.read(bytes); read >= 0; read = in.read(bytes)) {
            var now = link;
            var isCut =
                    switch (now.way) {
                        case RESET_IN_BODY -> sent > 2L * STEP;
                        case CUT_AT_RANDOM -> oneIn(20);
                        default -> false;
                    };
            if (isCut) {
                reset(client);
                reset(upstream);
                return;
            }
            pass(out, bytes, read, now.bytesASecond);
            sent += read;
        }
    }

    private synchronized boolean oneIn(int times) {
        return random.nextInt(times) == 0;
    }

    private void pass(OutputStream out, byte[] bytes, int count, long bytesASecond)
            throws IOException {
        var step = bytesASecond == 0 ? count : Math.clamp(bytesASecond / 20, 1, count);
        for (var done = 0; done < count; done += step) {
            var part = Math.min(step, count - done);
            if (bytesASecond > 0) {
                pause(turn(part, bytesASecond));
            }
            out.write(bytes, done, part);
            out.flush();
        }
    }

    /// All connections share the link: how long until these bytes are through.
    private synchronized Duration turn(int bytes, long bytesASecond) {
        var now = System.nanoTime();
        free = Math.max(free, now) + TimeUnit.SECONDS.toNanos(bytes) / bytesASecond;
        return Duration.ofNanos(free - now);
    }

    private void answer(Socket upstream, Socket client) {
        var bytes = new byte[STEP];
        try {
            var in = upstream.getInputStream();
            for (var read = in.read(bytes); read >= 0; read = in.read(bytes)) {
                var now = link;
                if (now.way == Way.LOSE_ANSWER) {
                    reset(client);
                    return;
                }
                pause(now.latency);
                client.getOutputStream().write(bytes, 0, read);
                client.getOutputStream().flush();
            }
            client.shutdownOutput();
        } catch (IOException _) {
            reset(client);
        }
    }

    private static void pause(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Closes at once, so that the other side sees a reset.
    private static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException _) {
            // it was closed
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        open.forEach(FaultyProxy::reset);
    }
}
