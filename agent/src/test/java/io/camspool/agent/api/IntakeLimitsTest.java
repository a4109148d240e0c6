package io.camspool.agent.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.camspool.Camspool;
import io.camspool.CamspoolConfig;
import io.camspool.Pictures;
import io.camspool.internal.disk.FaultyDisk;
import io.camspool.internal.disk.FaultyDisk.Call;
import io.camspool.internal.engine.Engine;
import io.camspool.internal.engine.Worlds;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What happens at the limits of the intake, and when the spool fails.
class IntakeLimitsTest {
    private static final String TYPE = "Content-Type";
    private static final byte[] JPEG = Pictures.jpeg(64, 48, 1);

    @TempDir Path folder;

    private IntakeSettings settings() {
        return IntakeSettings.of(CamspoolConfig.in(folder));
    }

    private static IntakeSettings tiny(
            IntakeSettings of, long captureMemory, Duration memoryWait, long minFreeBytes) {
        return new IntakeSettings(
                of.uploads(),
                100_000,
                100_000,
                100_000,
                1_000,
                of.maxAlertDepth(),
                10_000,
                10,
                2,
                captureMemory,
                20_000,
                memoryWait,
                minFreeBytes,
                Duration.ofMillis(300));
    }

    @Test
    void aBodyThatIsTooLargeIsRefusedBeforeItIsSent() throws IOException {
        var limits = tiny(settings(), 1_000_000, Duration.ofSeconds(5), 0);
        try (var server = new IntakeServer(Camspool.open(CamspoolConfig.in(folder)), limits)) {
            for (var type : new String[] {"image/jpeg", "video/mp4"}) {
                var known = server.post("/v1/captures?camera=g", new byte[100_001], TYPE, type);
                var unknown =
                        server.post(
                                "/v1/captures?camera=g",
                                BodyPublishers.ofInputStream(
                                        () -> new ByteArrayInputStream(new byte[100_001])),
                                TYPE,
                                type);
                assertThat(known.statusCode()).isEqualTo(413);
                assertThat(unknown.statusCode()).isEqualTo(413);
            }
            assertThat(server.uploads()).isEmpty();
        }
    }

    /// A client that has begun a body and does not go on.
    private static Socket slowClient(IntakeServer server, int length) throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
        var head =
                "POST /v1/captures?camera=g HTTP/1.1\r\nHost: localhost\r\nContent-Type: image/jpeg\r\nContent-Length: "
                        + length
                        + "\r\nExpect: 100-continue\r\n\r\n";
        socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
        var answer = new String(socket.getInputStream().readNBytes(21), StandardCharsets.US_ASCII);
        assertThat(answer).startsWith("HTTP/1.1 100"); // it has its memory now
        return socket;
    }

    @Test
    void whoFindsNoMemoryInTimeIsToldToComeAgain() throws IOException {
        var limits = tiny(settings(), 100_000, Duration.ofMillis(50), 0);
        try (var server = new IntakeServer(Camspool.open(CamspoolConfig.in(folder)), limits)) {
            try (var _ = slowClient(server, 90_000)) {
                var large =
                        server.post("/v1/captures?camera=g", new byte[50_000], TYPE, "image/jpeg");
                assertThat(large.statusCode()).isEqualTo(429);
                assertThat(Answer.text(large, "/type")).isEqualTo("/problems/intake-full");
                assertThat(Answer.header(large, "Retry-After")).isEqualTo("1");

                var alert =
                        server.post(
                                "/v1/alerts",
                                "{}".getBytes(StandardCharsets.UTF_8),
                                TYPE,
                                "application/json");
                assertThat(alert.statusCode()).isEqualTo(201);
            }
        }
    }

    @Test
    void memoryIsGivenBackWhateverBecomesOfARequest() throws Exception {
        var limits = tiny(settings(), 100_000, Duration.ofSeconds(30), 0);
        try (var server = new IntakeServer(Camspool.open(CamspoolConfig.in(folder)), limits)) {
            slowClient(server, 90_000).close();
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                var tasks =
                        IntStream.range(0, 64)
                                .mapToObj(
                                        i ->
                                                threads.submit(
                                                        () ->
                                                                server.post(
                                                                                "/v1/captures?camera=g",
                                                                                i % 2 == 0
                                                                                        ? JPEG
                                                                                        : new byte
                                                                                                [60_000],
                                                                                TYPE,
                                                                                "image/jpeg")
                                                                        .statusCode()))
                                .toList();
                for (var i = 0; i < tasks.size(); i++) {
                    assertThat(tasks.get(i).get()).isEqualTo(i % 2 == 0 ? 201 : 400);
                }
            }
        }
    }

    @Test
    void uploadsLeaveRoomOnTheDisk() throws IOException {
        var limits = tiny(settings(), 100_000, Duration.ofSeconds(5), Long.MAX_VALUE);
        try (var server = new IntakeServer(Camspool.open(CamspoolConfig.in(folder)), limits)) {
            var response = server.post("/v1/captures?camera=g", JPEG, TYPE, "video/mp4");

            assertThat(response.statusCode()).isEqualTo(507);
            assertThat(Answer.text(response, "/type")).isEqualTo("/problems/disk-full");
            assertThat(server.uploads()).isEmpty();
        }
    }

    @Test
    void leftUploadsGoAtTheStart() throws IOException {
        var left = Files.createDirectories(settings().uploads()).resolve("x.upload");
        Files.write(left, JPEG);

        try (var server = new IntakeServer(folder)) {
            assertThat(server.uploads()).isEmpty();
        }
    }

    private static HttpResponse<String> keyed(IntakeServer server) {
        return server.post(
                "/v1/captures?camera=g", JPEG, TYPE, "image/jpeg", "Idempotency-Key", "a-1");
    }

    @Test
    void whoWaitsTooLongIsToldHowToAskAgain() throws IOException {
        var disk = new FaultyDisk();
        var until = new CountDownLatch(1);
        var limits = tiny(settings(), 100_000, Duration.ofSeconds(5), 0);
        var spool = Engine.open(CamspoolConfig.in(folder), Worlds.with(disk));
        try (var server = new IntakeServer(spool, limits)) {
            disk.breakWith(FaultyDisk.hanging(Call.WRITE, until));
            try {
                var late = keyed(server);
                assertThat(late.statusCode()).isEqualTo(503);
                assertThat(Answer.text(late, "/type")).isEqualTo("/problems/timeout");
                assertThat(Answer.text(late, "/hint")).contains("GET /v1/items/a-1");

                until.countDown();
                var again = keyed(server);
                assertThat(again.statusCode()).as(again.body()).isEqualTo(201);
                assertThat(Answer.text(again, "/id")).isEqualTo("a-1");
                assertThat(spool.status().captures().held().items()).isOne();
            } finally {
                until.countDown();
            }
        }
    }

    @Test
    void aFullDiskIsToldAsOne() throws IOException {
        var disk = new FaultyDisk();
        var limits = tiny(settings(), 100_000, Duration.ofSeconds(5), 0);
        var spool = Engine.open(CamspoolConfig.in(folder), Worlds.with(disk));
        try (var server = new IntakeServer(spool, limits)) {
            disk.breakWith(FaultyDisk.failing(Call.WRITE, "No space left on device"));
            var response = server.post("/v1/captures?camera=g", JPEG, TYPE, "image/jpeg");
            disk.mend();

            assertThat(response.statusCode()).as(response.body()).isEqualTo(507);
        }
    }

    @Test
    void aClosedSpoolTakesNothing() {
        var limits = tiny(settings(), 100_000, Duration.ofSeconds(5), 0);
        try (var server = new IntakeServer(Camspool.open(CamspoolConfig.in(folder)), limits)) {
            server.spool.close();
            var one = server.post("/v1/captures?camera=g", JPEG, TYPE, "image/jpeg");
            var batch =
                    server.post(
                            "/v1/alerts",
                            "[{}]".getBytes(StandardCharsets.UTF_8),
                            TYPE,
                            "application/json");

            assertThat(one.statusCode()).isEqualTo(503);
            assertThat(batch.statusCode()).isEqualTo(503);
            assertThat(Answer.text(batch, "/type")).isEqualTo("/problems/closed");
        }
    }
}
