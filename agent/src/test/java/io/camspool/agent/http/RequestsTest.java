package io.camspool.agent.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Requests and bodies, right and wrong, byte by byte.
final class RequestsTest {
    private static final String HOST = " HTTP/1.1\r\nHost: localhost\r\n";
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

    private RawClient.Answer answerTo(String request) throws IOException {
        try (var client = served.client("tcp")) {
            return client.send(request).answer();
        }
    }

    private static void assertProblem(RawClient.Answer answer, int status, String name) {
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(answer.body())
                .contains("\"type\":\"/problems/" + name + "\"", "\"status\":" + status);
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
        assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
    }

    @ParameterizedTest
    @MethodSource("ways")
    void aConnectionServesOneRequestAfterTheOther(String way) throws IOException {
        try (var client = served.client(way)) {
            for (var i = 0; i < 3; i++) {
                client.send("PUT /body" + HOST + "Content-Length: 5\r\n\r\nhello");
                assertThat(client.answer().body()).isEqualTo("5");
                client.send("HEAD /ping" + HOST + "\r\nGET /ping" + HOST + "\r\n");
                assertThat(client.answer(false).header("Content-Length")).isEqualTo("6");
                var answer = client.answer();
                assertThat(answer.body()).isEqualTo("\"pong\"");
                assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
            }
        }
    }

    @Test
    void otherMethodsAreRefusedWithThoseThatAreAllowed() throws IOException {
        var answer = answerTo("DELETE /body" + HOST + "\r\n");
        assertProblem(answer, 405, "method-not-allowed");
        assertThat(answer.header("Allow")).isEqualTo("POST, PUT");
        assertThat(answerTo("POST /ping" + HOST + "\r\n").header("Allow")).isEqualTo("GET, HEAD");
    }

    @ParameterizedTest
    @CsvSource({
        "GET /nothing HTTP/1.1, 404, not-found",
        "GET /ping HTTP/1.0, 505, version-not-supported",
        "GET /ping HTTP/3.7, 400, bad-request",
        "nonsense, 400, bad-request",
        "GET /items/%2e%2e/ping HTTP/1.1, 400, bad-request",
        "GET /items/a%00b HTTP/1.1, 400, bad-request",
        "GET /items/a%2Fb HTTP/1.1, 400, bad-request"
    })
    void badLinesAreProblems(String line, int status, String name) throws IOException {
        assertProblem(answerTo(line + "\r\nHost: localhost\r\n\r\n"), status, name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
                "Content-Length: 5\r\nContent-Length: 6\r\n",
                "Content-Length: -1\r\n",
                "Host: localhost\r\n",
                "X-A: a\0b\r\n",
                "X-A : b\r\n",
                "X-A: a\r\n b\r\n"
            })
    void badHeadersAreProblems(String header) throws IOException {
        assertProblem(answerTo("PUT /body" + HOST + header + "\r\nhello"), 400, "bad-request");
    }

    @Test
    void longLinesAndHeadersAreProblems() throws IOException {
        assertProblem(
                answerTo("GET /ping?" + "a".repeat(300) + HOST + "\r\n"), 414, "line-too-long");
        assertProblem(
                answerTo("GET /ping" + HOST + "X-A: " + "a".repeat(3000) + "\r\n\r\n"),
                431,
                "header-too-large");
    }

    @ParameterizedTest
    @MethodSource("ways")
    void aBodyThatIsTooLargeIsToldSoWhileItIsSent(String way) throws IOException {
        try (var client = served.client(way)) {
            client.send("PUT /body" + HOST + "Content-Length: 3000000\r\n\r\n")
                    .send(new byte[1_900_000]);
            assertProblem(client.answer(), 413, "too-large");
        }
        try (var client = served.client(way)) {
            client.send("PUT /body" + HOST + "Content-Length: 1500000\r\n\r\n")
                    .send(new byte[1_500_000]);
            assertProblem(client.answer(), 413, "too-large");
            assertThat(client.isClosedSilently()).isTrue();
        }
    }

    @Test
    void aRouteMayAllowLess() throws IOException {
        assertProblem(
                answerTo("PUT /small" + HOST + "Content-Length: 11\r\n\r\nhello world"),
                413,
                "too-large");
        assertProblem(
                answerTo(
                        "PUT /small"
                                + HOST
                                + "Transfer-Encoding: chunked\r\n\r\nb\r\nhello world\r\n0\r\n\r\n"),
                413,
                "too-large");
    }

    @Test
    void aHugeChunkIsRefusedBeforeItIsHeld() throws IOException {
        assertProblem(
                answerTo("PUT /body" + HOST + "Transfer-Encoding: chunked\r\n\r\n100001\r\nabc"),
                413,
                "too-large");
    }

    @Test
    void aClientThatWaitsToContinueIsToldTheProblemInstead() throws IOException {
        try (var client = served.client("tcp")) {
            client.send("PUT /small" + HOST + "Expect: 100-continue\r\nContent-Length: 11\r\n\r\n");
            assertProblem(client.answer(), 413, "too-large");
            assertThat(client.isClosedSilently()).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void aBodyThatEndsTooEarlyIsABadBody(String way) throws IOException {
        try (var client = served.client(way)) {
            client.send("PUT /body" + HOST + "Content-Length: 100\r\n\r\nabc").endOutput();
            assertProblem(client.answer(), 400, "bad-body");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"xyz\r\nabc\r\n", "-5\r\nabc\r\n", "3\r\nabc\r\n0\r\nA: b\r\n\r\n"})
    void chunksThatCannotBeReadAreABadBody(String chunks) throws IOException {
        assertProblem(
                answerTo("PUT /body" + HOST + "Transfer-Encoding: chunked\r\n\r\n" + chunks),
                400,
                "bad-body");
    }

    @Test
    void anEncodedBodyIsRefused() throws IOException {
        assertProblem(
                answerTo(
                        "PUT /body"
                                + HOST
                                + "Content-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc"),
                415,
                "encoding-not-allowed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Connection: close\r\n"})
    void anUnreadBodyIsNeverTheNextRequest(String header) throws IOException {
        var smuggled = "GET /ping" + HOST + "\r\n";
        try (var client = served.client("tcp")) {
            client.send(
                    "POST /body"
                            + HOST
                            + header
                            + "Content-Length: "
                            + smuggled.length()
                            + "\r\n\r\n"
                            + smuggled);
            assertThat(client.answer().status()).isEqualTo(202);
            if (header.isEmpty()) {
                client.send("GET /nothing" + HOST + "\r\n");
                assertThat(client.answer().status()).isEqualTo(404);
            } else {
                assertThat(client.isClosedSilently()).isTrue();
            }
        }
    }

    @Test
    void aHeaderCannotBeInjected() throws IOException {
        var answer = answerTo("GET /echo?v=a%0d%0aSet-Cookie:%20x" + HOST + "\r\n");
        assertProblem(answer, 500, "internal");
        assertThat(answer.header("Set-Cookie")).isEmpty();
    }

    @Test
    void aBugTellsNothingOfItself() throws IOException {
        var answer = answerTo("GET /bug" + HOST + "\r\n");
        assertProblem(answer, 500, "internal");
        assertThat(answer.body()).doesNotContain("secret", "java");
    }

    @ParameterizedTest
    @CsvSource({
        "INVALID, 400, invalid",
        "NOT_FOUND, 404, not-found",
        "CONFLICT, 409, conflict",
        "INTAKE_FULL, 429, intake-full",
        "STORAGE, 500, storage",
        "DAMAGED, 500, damaged",
        "CLOSED, 503, closed",
        "UNKNOWN_OUTCOME, 503, unknown-outcome",
        "TIMEOUT, 503, timeout"
    })
    void theReasonsOfTheSpoolAreProblems(String reason, int status, String name)
            throws IOException {
        var answer = answerTo("GET /fails/" + reason + HOST + "\r\n");
        assertProblem(answer, status, name);
        assertThat(answer.body()).contains("\"detail\":\"why\"");
        assertThat(answer.header("Retry-After"))
                .isEqualTo(status == 429 || name.equals("closed") ? "1" : "");
    }

    @Test
    void parametersAreChecked() throws IOException {
        assertThat(answerTo("GET /query?limit=5" + HOST + "\r\n").body()).isEqualTo("5");
        assertThat(answerTo("GET /query" + HOST + "\r\n").body()).isEqualTo("7");
        assertThat(answerTo("GET /query?limt=5" + HOST + "\r\n").body())
                .contains("\"field\":\"limt\"", "did you mean 'limit'?");
        for (var value : new String[] {"0", "101", "x", "", "99999999999999999999"}) {
            var answer = answerTo("GET /query?limit=" + value + HOST + "\r\n");
            assertProblem(answer, 400, "invalid");
            assertThat(answer.body()).contains("\"field\":\"limit\"", "\"allowed\":");
        }
        assertThat(answerTo("GET /query?limit=1&limit=2" + HOST + "\r\n").body())
                .contains("\"allowed\":\"one value\"");
    }

    @Test
    void requestsAboveTheLimitAreToldToComeAgain() throws Exception {
        var clients = new ArrayList<RawClient>();
        for (var i = 0; i < Served.TINY.maxRequests(); i++) {
            clients.add(served.client("tcp").send("GET /held" + HOST + "\r\n"));
        }
        served.held.await();
        var answer = answerTo("GET /ping" + HOST + "\r\n");
        assertProblem(answer, 503, "busy");
        assertThat(answer.header("Retry-After")).isEqualTo("1");
        served.let.countDown();
        for (var client : clients) {
            assertThat(client.answer().status()).isEqualTo(200);
            client.close();
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void connectionsAboveTheLimitWaitForOneToClose(String way) throws IOException {
        var clients = new ArrayList<RawClient>();
        for (var i = 0; i < Served.TINY.maxConnections(); i++) {
            clients.add(served.client(way).send("GET /ping" + HOST + "\r\n"));
            assertThat(clients.getLast().answer().status()).isEqualTo(200);
        }
        try (var late = served.client(way).send("GET /ping" + HOST + "\r\n")) {
            clients.getFirst().close();
            assertThat(late.answer().status()).isEqualTo(200);
        }
        for (var client : clients) {
            client.close();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "bytes=0-3, 206, 0123, bytes 0-3/10",
        "bytes=7-, 206, 789, bytes 7-9/10",
        "bytes=-2, 206, 89, bytes 8-9/10",
        "bytes=5-99, 206, 56789, bytes 5-9/10",
        "bytes=5-2, 200, 0123456789, ''",
        "'bytes=0-1,3-4', 200, 0123456789, ''",
        "lines=0-1, 200, 0123456789, ''"
    })
    void partsAreSent(String range, int status, String body, String contentRange)
            throws IOException {
        var answer = answerTo("GET /stored" + HOST + "Range: " + range + "\r\n\r\n");
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.body()).isEqualTo(body);
        assertThat(answer.header("Content-Range")).isEqualTo(contentRange);
        assertThat(answer.header("ETag")).isEqualTo("\"abc\"");
    }

    @Test
    void whatIsOutsideOrKnownIsNotSent() throws IOException {
        for (var range : new String[] {"bytes=10-", "bytes=-0"}) {
            var answer = answerTo("GET /stored" + HOST + "Range: " + range + "\r\n\r\n");
            assertProblem(answer, 416, "range-not-satisfiable");
            assertThat(answer.header("Content-Range")).isEqualTo("bytes */10");
        }
        var known = answerTo("GET /stored" + HOST + "If-None-Match: \"x\", W/\"abc\"\r\n\r\n");
        assertThat(known.status()).isEqualTo(304);
        assertThat(known.body()).isEmpty();
        var changed =
                answerTo("GET /stored" + HOST + "Range: bytes=0-1\r\nIf-Range: \"old\"\r\n\r\n");
        assertThat(changed.body()).isEqualTo("0123456789");
        try (var client = served.client("tcp")) {
            client.send(
                    "HEAD /stored" + HOST + "Range: bytes=0-3\r\n\r\nGET /ping" + HOST + "\r\n");
            var head = client.answer(false);
            assertThat(head.status()).isEqualTo(206);
            assertThat(head.header("Content-Length")).isEqualTo("4");
            assertThat(client.answer().body()).isEqualTo("\"pong\"");
        }
    }
}
