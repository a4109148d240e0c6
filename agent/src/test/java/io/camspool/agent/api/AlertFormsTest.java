package io.camspool.agent.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.camspool.ItemId;
import io.camspool.Pictures;
import io.camspool.StoredAlert;
import io.camspool.StoredCapture;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AlertFormsTest {
    private static final byte[] JPEG = Pictures.jpeg(64, 48, 1);
    private static final String[] IMAGE = {"Content-Type: image/jpeg"};

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

    private HttpResponse<String> post(String path, FormBody form, String... headers) {
        var all = new ArrayList<>(List.of(headers));
        all.add("Content-Type");
        all.add(form.mediaType());
        return server.post(path, form.bytes(), all.toArray(String[]::new));
    }

    private void refused(HttpResponse<String> response, int status, String type) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(Answer.text(response, "/type")).isEqualTo("/problems/" + type);
        var spool = server.spool.status();
        assertThat(spool.alerts().accepted().items() + spool.captures().accepted().items())
                .isZero();
    }

    private StoredCapture capture(HttpResponse<String> response, int place) {
        var id = Answer.text(response, "/items/" + place + "/id");
        return (StoredCapture) server.spool.find(new ItemId(id)).orElseThrow();
    }

    @Test
    void anAlertAndItsCapturesAreStoredTogether() throws IOException {
        var clip = "clip\r\n--".repeat(20_000).getBytes(StandardCharsets.UTF_8);
        var form =
                new FormBody()
                        .part(
                                "capture\"; filename=\"name=\\\"x\\\".jpg",
                                JPEG,
                                "Content-Type: image/jpeg",
                                "Camspool-Camera: %E9%97%A8",
                                "Camspool-Label: line=7")
                        .part("alert", "{\"a\": 1}")
                        .part("capture", clip, "content-type: video/mp4", "Camspool-Priority: 9");

        var response =
                post(
                        "/v1/alerts?camera=gate&alert=a%201&priority=7&time=2026-11-24T10:00:00Z",
                        form, "Idempotency-Key", "event-1");

        assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
        assertThat(Answer.header(response, "Location")).isEqualTo("/v1/items/event-1");
        var alert = (StoredAlert) server.spool.find(new ItemId("event-1")).orElseThrow();
        assertThat(alert.camera()).contains("gate");
        var image = capture(response, 1);
        assertThat(image.camera()).isEqualTo("门");
        assertThat(image.labels()).containsEntry("line", "7");
        assertThat(image.priority()).isEqualTo(7);
        assertThat(image.time()).isEqualTo("2026-11-24T10:00:00Z");
        assertThat(image.alertId()).contains("a 1");
        assertThat(Files.readAllBytes(image.path())).isEqualTo(JPEG);
        var film = capture(response, 2);
        assertThat(film.camera()).isEqualTo("gate");
        assertThat(film.priority()).isEqualTo(9);
        assertThat(Files.readAllBytes(film.path())).isEqualTo(clip);
    }

    @Test
    void aRepeatIsTheSameItems() {
        var form = new FormBody().part("alert", "{}").part("capture", JPEG, IMAGE);
        var first = post("/v1/alerts?camera=g", form, "Idempotency-Key", "Key 1");
        var again = post("/v1/alerts?camera=g", form, "Idempotency-Key", "Key 1");

        assertThat(first.statusCode()).isEqualTo(201);
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(server.spool.status().captures().held().items()).isOne();
    }

    @Test
    void anAlertAloneAndACloudEventAreTakenToo() {
        var event = "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"s\",\"type\":\"t\"}";
        var response =
                post(
                        "/v1/alerts",
                        new FormBody()
                                .part(
                                        "alert",
                                        event,
                                        "Content-Type: application/cloudevents+json"));

        assertThat(Answer.json(response).at("/items").size()).isOne();
        assertThat(Answer.text(response, "/items/0/id")).startsWith("event-");
    }

    @Test
    void nothingIsStoredWhenOneIsRefused() {
        var form = new FormBody().part("alert", "{}").part("capture", JPEG, IMAGE);
        refused(
                post("/v1/alerts?camera=g", form.part("capture", new byte[] {1}, IMAGE)),
                400,
                "invalid");
    }

    @Test
    void whatIsNoSuchFormIsRefused() {
        var path = "/v1/alerts?camera=g";
        refused(post(path, new FormBody().part("capture", JPEG, IMAGE)), 400, "invalid");
        refused(post(path, new FormBody()), 400, "invalid");
        refused(post(path, new FormBody().part("alert", "{}").part("alert", "{}")), 400, "invalid");
        var unknown = post(path, new FormBody().part("alerts", "{}"));
        refused(unknown, 400, "invalid");
        assertThat(Answer.text(unknown, "/hint")).contains("'alert'");
        refused(
                post(path, new FormBody().part("alert", "{}").part("capture", JPEG)),
                415,
                "media-type-not-allowed");
        refused(
                post("/v1/alerts", new FormBody().part("alert", "{}").part("capture", JPEG, IMAGE)),
                400,
                "invalid");
        refused(
                post(
                        path,
                        new FormBody().part("alert", "{\"a\":\"" + "x".repeat(1_000_000) + "\"}")),
                413,
                "too-large");
    }

    @Test
    void thereAreOnlySoManyCaptures() {
        var form = new FormBody().part("alert", "{}");
        for (var i = 0; i < 33; i++) {
            form.part("capture", JPEG, IMAGE);
        }
        refused(post("/v1/alerts?camera=g", form), 400, "invalid");
    }

    @Test
    void aFormThatIsCutShortIsRefused() {
        var whole = new FormBody().part("alert", "{}").part("capture", JPEG, IMAGE);
        var bytes = whole.bytes();
        for (var length : new int[] {0, 5, 30, 100, 300, bytes.length - 6}) {
            refused(
                    server.post(
                            "/v1/alerts?camera=g",
                            Arrays.copyOf(bytes, length),
                            "Content-Type",
                            whole.mediaType()),
                    400,
                    "bad-body");
        }
    }

    @Test
    void aBoundaryIsNeeded() {
        refused(
                server.post("/v1/alerts", new byte[0], "Content-Type", "multipart/form-data"),
                400,
                "invalid");
    }
}
