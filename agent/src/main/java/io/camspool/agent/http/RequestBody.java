package io.camspool.agent.http;

import io.helidon.http.HeaderNames;
import io.helidon.http.RequestException;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/// The body of a request, up to a limit, once. What is wrong with it ends the request: a problem
/// where the client can still read one, else the connection.
public final class RequestBody extends InputStream {
    private final InputStream in;
    private final long maxBytes;

    /// As the header says; -1: nothing.
    private final long declaredBytes;

    private long taken;

    private RequestBody(InputStream in, long maxBytes, long declaredBytes) {
        this.in = in;
        this.maxBytes = maxBytes;
        this.declaredBytes = declaredBytes;
    }

    /// A body that says it is larger is refused before it is sent.
    public static RequestBody of(ServerRequest request, long maxBytes) {
        if (length(request) > maxBytes) {
            throw tooLarge(maxBytes);
        }
        return new RequestBody(request.content().inputStream(), maxBytes, length(request));
    }

    /// The whole body, in memory.
    public static byte[] bytes(ServerRequest request, int maxBytes) throws IOException {
        return of(request, maxBytes).readAllBytes();
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        var count = next(target, offset, length);
        if (count > 0) {
            taken += count;
            if (taken > maxBytes) {
                throw tooLarge(maxBytes);
            }
            if (taken == declaredBytes) {
                // The reader need not ask for the end: without it the body counts as unread.
                next(new byte[1], 0, 1);
            }
        }
        return count;
    }

    /// Leaves the rest to the server: reading it here would wait for a client that was just
    /// refused.
    @Override
    public void close() {}

    /// What it says its length is; -1: nothing.
    static long length(ServerRequest request) {
        return request.headers().contains(HeaderNames.CONTENT_LENGTH)
                ? request.headers().contentLength().orElse(-1)
                : -1;
    }

    static ProblemException tooLarge(long maxBytes) {
        return new ProblemException(
                Problem.of(ProblemType.TOO_LARGE, "the body has more than " + maxBytes + " bytes"));
    }

    private int next(byte[] target, int offset, int length) throws IOException {
        try {
            return in.read(target, offset, length);
        } catch (CloseConnectionException e) {
            throw e;
        } catch (UncheckedIOException e) {
            throw new CloseConnectionException("the client went away", e);
        } catch (RequestException e) {
            if (e.status().code() == Status.REQUEST_ENTITY_TOO_LARGE_413.code()) {
                throw new ProblemException(
                        Problem.of(
                                ProblemType.TOO_LARGE,
                                "a chunk has more than " + HttpLimits.MAX_CHUNK_BYTES + " bytes"));
            }
            throw bad("its chunks can't be read");
        } catch (RuntimeException _) { // whatever Helidon's parser stumbled over
            throw bad("it ends too early, or its chunks can't be read");
        }
    }

    private static ProblemException bad(String why) {
        return new ProblemException(
                Problem.of(ProblemType.BAD_BODY, "the body is not what the header says: " + why));
    }
}
