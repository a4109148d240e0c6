package io.camspool.agent.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.camspool.ItemId;
import io.camspool.Pictures;
import io.camspool.StoredCapture;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CapturesIntakeTest {
    private static final byte[] JPEG = Pictures.jpeg(64, 48, 1);
    private static final String TYPE = "Content-Type";

    @TempDir Path folder;
    private IntakeServer server;

    @BeforeEach
    void start() {
        server = new IntakeServer(folder);
    }

    @AfterEach
    void stop() throws IOException {
        assertThat(server.uploads()).isEmpty();
        server.close();
    }

    private StoredCapture stored(HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
        var id = Answer.text(response, "/id");
        assertThat(Answer.header(response, "Location")).isEqualTo("/v1/items/" + id);
        return (StoredCapture) server.spool.find(new ItemId(id)).orElseThrow();
    }

    private void refused(HttpResponse<String> response, int status, String type, String field) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(Answer.text(response, "/type")).isEqualTo("/problems/" + type);
        assertThat(Answer.text(response, "/field")).isEqualTo(field);
        assertThat(server.spool.status().captures().accepted().items()).isZero();
    }

    @Test
    void aJpegIsDurableWhenItIsAnswered() throws IOException {
        var response = server.post("/v1/captures?camera=gate", JPEG, TYPE, "image/jpeg");

        var capture = stored(response);
        assertThat(capture.camera()).isEqualTo("gate");
        assertThat(capture.mediaType()).isEqualTo("image/jpeg");
        assertThat(Files.readAllBytes(Path.of(Answer.text(response, "/path")))).isEqualTo(JPEG);
        assertThat(Answer.json(response).at("/bytes").asInt()).isEqualTo(JPEG.length);
    }

    @Test
    void aConnectionStaysOpenForTheNextCapture() {
        var large = Pictures.png(400, 300, 3); // more than what is read away of an unread body
        assertThat(large).hasSizeGreaterThan(100_000);

        var response = server.post("/v1/captures?camera=gate", large, TYPE, "image/png");

        assertThat(response.statusCode()).isEqualTo(201);
        assertThat(response.headers().firstValue("Connection")).isNotEqualTo(Optional.of("close"));
    }

    @Test
    void aBodyOfUnknownLengthIsTakenToo() throws IOException {
        var chunked = BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(JPEG));

        var response = server.post("/v1/captures?camera=gate", chunked, TYPE, "image/jpeg");

        assertThat(server.spool.read(stored(response).id()).readAllBytes()).isEqualTo(JPEG);
    }

    @Test
    void whatIsSaidStandsInQueryOrHeaders() {
        var byQuery =
                stored(
                        server.post(
                                "/v1/captures?camera=%E9%97%A8&alert=a%201&time=2026-11-24T11:15:30%2B01:00"
                                        + "&label=line=7&label=eq=a%3Db&priority=8",
                                JPEG, TYPE, "image/png"));
        var byHeaders =
                stored(
                        server.post(
                                "/v1/captures",
                                JPEG,
                                TYPE,
                                "image/jpeg; q=1",
                                "Camspool-Camera",
                                "%E9%97%A8",
                                "Camspool-Alert",
                                "a 1",
                                "Camspool-Time",
                                "2026-11-24T10:15:30Z",
                                "Camspool-Label",
                                "line=7",
                                "Camspool-Label",
                                "eq=a%3Db",
                                "Camspool-Priority",
                                "8"));

        for (var capture : List.of(byQuery, byHeaders)) {
            assertThat(capture.camera()).isEqualTo("门");
            assertThat(capture.alertId()).contains("a 1");
            assertThat(capture.time()).isEqualTo("2026-11-24T10:15:30Z");
            assertThat(capture.labels())
                    .containsOnly(Map.entry("line", "7"), Map.entry("eq", "a=b"));
            assertThat(capture.priority()).isEqualTo(8);
        }
    }

    @Test
    void aRawFrameIsEncoded() {
        var pixels = Pictures.bgr(40, 30, 2);

        var response =
                server.post(
                        "/v1/captures?camera=gate&width=40&format=bgr",
                        pixels,
                        TYPE,
                        "application/x-camspool-frame",
                        "Camspool-Height",
                        "30");

        var capture = stored(response);
        assertThat(capture.mediaType()).isEqualTo("image/jpeg");
        assertThat(capture.sides().orElseThrow().width()).isEqualTo(40);
    }

    @Test
    void whatIsNoImageIsKeptByteForByte() throws IOException {
        var clip = "not really a clip".repeat(10_000).getBytes(StandardCharsets.UTF_8);

        var response = server.post("/v1/captures?camera=gate", clip, TYPE, "Video/MP4");

        var capture = stored(response);
        assertThat(capture.mediaType()).isEqualTo("video/mp4");
        assertThat(Files.readAllBytes(capture.path())).isEqualTo(clip);
    }

    @Test
    void aRepeatIsTheSameItem() {
        var first = server.post("/v1/captures?camera=g", JPEG, TYPE, "image/jpeg", KEY, "a-1");
        var again = server.post("/v1/captures?camera=g", JPEG, TYPE, "image/jpeg", KEY, "\"a-1\"");
        var other =
                server.post(
                        "/v1/captures?camera=g",
                        Pictures.jpeg(64, 48, 9),
                        TYPE,
                        "image/jpeg",
                        KEY,
                        "a-1");

        assertThat(Answer.text(first, "/id")).isEqualTo("a-1");
        assertThat(again.statusCode()).isEqualTo(201);
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(other.statusCode()).isEqualTo(409);
        assertThat(Answer.text(other, "/type")).isEqualTo("/problems/conflict");
    }

    private static final String KEY = "Idempotency-Key";

    @Test
    void anIdFollowsFromAKeyThatCanBeNone() {
        var key = "Gate/1 2026-11-24";
        var clip = new byte[100];
        var first = server.post("/v1/captures?camera=g", clip, TYPE, "video/mp4", KEY, key);
        var again = server.post("/v1/captures?camera=g", clip, TYPE, "video/mp4", KEY, key);

        assertThat(Answer.text(first, "/id")).matches("key-[0-9a-f]{40}");
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(server.spool.status().captures().held().items()).isOne();
    }

    @Test
    void whoPrefersItIsAnsweredAtAdmission() {
        var response =
                server.post(
                        "/v1/captures?camera=gate",
                        JPEG,
                        TYPE,
                        "image/jpeg",
                        "Prefer",
                        "wait=5, Respond-Async");

        assertThat(response.statusCode()).isEqualTo(202);
        assertThat(Answer.header(response, "Preference-Applied")).isEqualTo("respond-async");
        assertThat(Answer.header(response, "Location"))
                .isEqualTo("/v1/items/" + Answer.text(response, "/id"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "?camra=gate                  | camra    | invalid",
                "                             | camera   | invalid",
                "?camera=a&priority=10        | priority | invalid",
                "?camera=a&priority=-1        | priority | invalid",
                "?camera=a&time=yesterday     | time     | invalid",
                "?camera=a&label=x            | label    | invalid",
                "?camera=a&label=x=1&label=x=2| label    | invalid",
                "?camera=a&camera=a           | camera   | invalid",
            })
    void whatIsNotAllowedIsNamed(String query, String field, String type) {
        var path = "/v1/captures" + (query == null ? "" : query);
        refused(server.post(path, JPEG, TYPE, "image/jpeg"), 400, type, field);
    }

    @Test
    void aNearNameIsToldForAnUnknownOne() {
        var response = server.post("/v1/captures?camra=gate", JPEG, TYPE, "image/jpeg");

        assertThat(Answer.text(response, "/hint")).contains("camera");
    }

    @Test
    void queryAndHeaderMustAgree() {
        var same =
                server.post(
                        "/v1/captures?camera=g", JPEG, TYPE, "image/jpeg", "Camspool-Camera", "g");
        assertThat(same.statusCode()).isEqualTo(201);
        var different =
                server.post(
                        "/v1/captures?camera=g", JPEG, TYPE, "image/jpeg", "Camspool-Camera", "h");
        assertThat(different.statusCode()).isEqualTo(400);
        assertThat(Answer.text(different, "/field")).isEqualTo("camera");
    }

    @ParameterizedTest
    @CsvSource({"50%", "%zz", "%C3%28", "a%0Ab"})
    void aHeaderMustBePercentEncodedUtf8(String camera) {
        refused(
                server.post("/v1/captures", JPEG, TYPE, "image/jpeg", "Camspool-Camera", camera),
                400,
                "invalid",
                "Camspool-Camera");
    }

    @ParameterizedTest
    @CsvSource({"application/x-www-form-urlencoded", "multipart/form-data"})
    void aMediaTypeThatSaysNothingIsRefused(String type) {
        var path = "/v1/captures?camera=g";
        refused(server.post(path, JPEG, TYPE, type), 415, "media-type-not-allowed", "Content-Type");
        refused(server.post(path, JPEG), 415, "media-type-not-allowed", "Content-Type");
    }

    @Test
    void whatIsNoImageThoughItSaysSoIsRefused() {
        var response =
                server.post("/v1/captures?camera=g", new byte[] {1, 2, 3}, TYPE, "image/jpeg");

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(Answer.text(response, "/type")).isEqualTo("/problems/invalid");
    }

    @ParameterizedTest
    @CsvSource({
        "width=10, height",
        "width=10&height=70000, height",
        "width=10&height=10&stride=29, stride",
        "width=10&height=10&format=rgba, format",
        "width=10&height=11, Content-Length",
        "width=10&height=9, Content-Length",
    })
    void aFrameMustBeAsLargeAsItSays(String query, String field) {
        refused(
                server.post(
                        "/v1/captures?camera=g&" + query,
                        new byte[300],
                        TYPE,
                        "application/x-camspool-frame"),
                400,
                "invalid",
                field);
    }

    @Test
    void manyClientsAtATimeGetWhatIsTheirs() throws Exception {
        try (var threads = Executors.newFixedThreadPool(32)) {
            var tasks =
                    IntStream.range(0, 128)
                            .mapToObj(
                                    i ->
                                            threads.submit(
                                                    (Callable<Boolean>) () -> isStoredAsItIs(i)))
                            .toList();
            for (var task : tasks) {
                assertThat(task.get()).isTrue();
            }
        }
        assertThat(server.spool.status().captures().held().items()).isEqualTo(128);
    }

    private boolean isStoredAsItIs(int seed) throws IOException {
        var jpeg = Pictures.jpeg(100, 80, seed);
        var response = server.post("/v1/captures?camera=c" + seed, jpeg, TYPE, "image/jpeg");
        var capture = stored(response);
        return capture.camera().equals("c" + seed)
                && Arrays.equals(Files.readAllBytes(capture.path()), jpeg);
    }
}
