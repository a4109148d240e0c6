package io.camspool.agent.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Clients that would keep a connection open for ever, on both ways in.
final class SlowClientsTest {
    @TempDir private Path folder;
    private Served served;

    @BeforeEach
    void start() {
        served = new Served(folder);
    }

    @AfterEach
    void stop() {
        served.close();
    }

    static Iterable<String> ways() {
        return Served.ways();
    }

    private void assertCounted(Refusal refusal) {
        assertThat(served.server().refusals().count(refusal)).isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource("ways")
    void aHeaderThatStopsIsCutOff(String way) throws IOException {
        try (var client = served.client(way)) {
            assertThat(client.send("GET /ping HTTP/1.1\r\nHost: lo").isClosedSilently()).isTrue();
        }
        assertCounted(Refusal.SLOW_HEADER);
    }

    @ParameterizedTest
    @MethodSource("ways")
    void aHeaderThatDripsIsCutOff(String way) throws IOException {
        try (var client = served.client(way)) {
            assertThat(drips(client, "GET /ping HTTP/1.1\r\nHost: localhost\r\nX-A: ")).isTrue();
        }
        assertCounted(Refusal.SLOW_HEADER);
    }

    @ParameterizedTest
    @MethodSource("ways")
    void aBodyThatStopsIsCutOff(String way) throws IOException {
        try (var client = served.client(way)) {
            client.send("PUT /body HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nabc");
            assertThat(client.isClosedSilently()).isTrue();
        }
        assertCounted(Refusal.SLOW_BODY);
    }

    @ParameterizedTest
    @MethodSource("ways")
    void aChunkedBodyThatNeverEndsIsCutOff(String way) throws IOException {
        try (var client = served.client(way)) {
            client.send(
                    "PUT /body HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
            assertThat(client.isClosedSilently()).isTrue();
        }
        assertCounted(Refusal.SLOW_BODY);
    }

    @ParameterizedTest
    @MethodSource("ways")
    void aClientThatDoesNotReadIsCutOff(String way) throws IOException {
        try (var client = served.client(way)) {
            client.send("GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n");
            await(() -> served.server().refusals().count(Refusal.SLOW_READER) == 1);
            assertThat(client.isClosed()).isLessThan(32 << 20);
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void anUnreadBodyThatStopsKeepsNoConnection(String way) throws IOException {
        try (var client = served.client(way)) {
            client.send("POST /body HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nabc");
            assertThat(client.answer().status()).isEqualTo(202);
            assertThat(client.isClosedSilently()).isTrue();
        }
        assertCounted(Refusal.SLOW_BODY);
    }

    @ParameterizedTest
    @MethodSource("ways")
    void anIdleConnectionIsClosed(String way) throws IOException {
        served.close();
        var tiny = Served.TINY;
        served =
                new Served(
                        folder,
                        new HttpLimits(
                                tiny.maxLineBytes(),
                                tiny.maxHeaderBytes(),
                                tiny.maxBodyBytes(),
                                tiny.maxConnections(),
                                tiny.maxRequests(),
                                tiny.headerDeadline(),
                                tiny.stall(),
                                tiny.minBytesPerSecond(),
                                Duration.ofMillis(100),
                                tiny.drain()),
                        null);
        try (var client = served.client(way)) {
            client.send("GET /ping HTTP/1.1\r\nHost: localhost\r\n\r\n");
            assertThat(client.answer().status()).isEqualTo(200);
            assertThat(client.isClosedSilently()).isTrue();
        }
    }

    /// Sends a byte at a time until the server has had enough.
    private static boolean drips(RawClient client, String head) throws IOException {
        client.send(head);
        try {
            for (var sent = 0; sent < 200; sent++) {
                client.send("x");
                LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
            }
            return false;
        } catch (IOException _) {
            return true;
        }
    }

    private static void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
        }
    }
}
