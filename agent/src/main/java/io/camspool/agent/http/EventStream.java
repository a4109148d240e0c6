package io.camspool.agent.http;

import io.helidon.http.sse.SseEvent;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ServerConnectionException;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.helidon.webserver.sse.SseSink;
import java.io.UncheckedIOException;

/// An answer that goes on: server-sent events. Written by the thread of its request alone. That a
/// client has gone shows when something is written.
public final class EventStream {
    private final SseSink sink;

    private EventStream(SseSink sink) {
        this.sink = sink;
    }

    /// What a route tells its client.
    public interface Teller {
        /// Returns to end the stream.
        void tell(EventStream stream) throws InterruptedException;
    }

    public static void send(ServerRequest request, ServerResponse response, Teller teller)
            throws InterruptedException {
        if (Answers.isHead(request)) {
            Answers.send(request, response, 200, "text/event-stream", new byte[0]);
            return;
        }
        try (var sink = response.sink(SseSink.TYPE)) {
            var stream = new EventStream(sink);
            stream.keepAlive(); // the client sees that it is open
            teller.tell(stream);
        } catch (ServerConnectionException | UncheckedIOException e) {
            throw new CloseConnectionException("the client went away", e);
        }
    }

    /// Tells one event.
    ///
    /// @param data on one line
    public void event(String type, String data) {
        sink.emit(SseEvent.builder().name(type).data(data).build());
    }

    /// A comment, which clients pass over.
    public void keepAlive() {
        sink.emit(SseEvent.builder().comment("").build());
    }
}
