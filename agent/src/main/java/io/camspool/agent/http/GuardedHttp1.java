package io.camspool.agent.http;

import io.helidon.common.buffers.BufferData;
import io.helidon.http.DirectHandler.EventType;
import io.helidon.http.HeaderNames;
import io.helidon.http.Headers;
import io.helidon.http.HttpPrologue;
import io.helidon.http.RequestException;
import io.helidon.http.Status;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionListener;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.util.Set;

/// HTTP/1.1 whose connections slow clients can't keep open. Helidon itself has no time limit while
/// a request or its answer is under way.
final class GuardedHttp1 implements ServerConnectionSelector {
    private final HttpLimits limits;
    private final Refusals refusals;
    private final Http1ConnectionSelector http1;

    GuardedHttp1(HttpLimits limits, Refusals refusals) {
        this.limits = limits;
        this.refusals = refusals;
        this.http1 =
                Http1ConnectionSelector.builder()
                        .config(
                                Http1Config.builder()
                                        .maxHeadersSize(limits.maxHeaderBytes())
                                        .maxPrologueLength(limits.maxLineBytes())
                                        .continueImmediately(false)
                                        .addReceiveListener(new Progress())
                                        .build())
                        .build();
    }

    @Override
    public int bytesToIdentifyConnection() {
        return 0;
    }

    @Override
    public Support supports(BufferData data) {
        return Support.SUPPORTED;
    }

    @Override
    public Set<String> supportedApplicationProtocols() {
        return http1.supportedApplicationProtocols();
    }

    @Override
    public ServerConnection connection(ConnectionContext context) {
        return new GuardedConnection(context, http1::connection, limits, refusals);
    }

    /// Tells the connection how far the request is.
    private static final class Progress implements Http1ConnectionListener {
        @Override
        public void prologue(ConnectionContext context, HttpPrologue prologue) {
            GuardedConnection.current().lineRead();
        }

        @Override
        public void headers(ConnectionContext context, Headers headers) {
            GuardedConnection.current().headerRead();
            if (headers.contains(HeaderNames.CONTENT_ENCODING)) {
                throw RequestException.builder()
                        .type(EventType.OTHER)
                        .status(Status.UNSUPPORTED_MEDIA_TYPE_415)
                        .message("Content-Encoding")
                        .setKeepAlive(false)
                        .build();
            }
        }

        @Override
        public void data(ConnectionContext context, BufferData data) {}

        @Override
        public void data(ConnectionContext context, byte[] data, int position, int length) {}
    }
}
