package io.camspool.agent.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.camspool.ItemId;
import io.camspool.StoredAlert;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AlertsIntakeTest {
    private static final String TYPE = "Content-Type";
    private static final String JSON = "application/json";
    private static final String EVENT = "application/cloudevents+json";
    private static final String EVENTS = "application/cloudevents-batch+json";
    private static final String KEY = "Idempotency-Key";

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

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private HttpResponse<String> post(String type, String body, String... more) {
        var headers = new ArrayList<>(List.of(TYPE, type));
        headers.addAll(List.of(more));
        return server.post("/v1/alerts", bytes(body), headers.toArray(String[]::new));
    }

    private StoredAlert alert(String id) {
        return (StoredAlert) server.spool.find(new ItemId(id)).orElseThrow();
    }

    private String json(String id) throws IOException {
        return new String(server.spool.read(new ItemId(id)).readAllBytes(), StandardCharsets.UTF_8);
    }

    private long held() {
        return server.spool.status().alerts().held().items();
    }

    private void refused(HttpResponse<String> response, int status, String type) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(Answer.text(response, "/type")).isEqualTo("/problems/" + type);
        assertThat(held()).isZero();
    }

    @Test
    void anAlertIsKeptByteForByte() throws IOException {
        var response =
                server.post(
                        "/v1/alerts?camera=gate&label=line=7",
                        bytes(" {\"a\" : [1,  \"门\"] }\n"),
                        TYPE,
                        "application/json; charset=UTF-8",
                        "Camspool-Alert",
                        "a 1");

        assertThat(response.statusCode()).isEqualTo(201);
        var id = Answer.text(response, "/id");
        assertThat(Answer.header(response, "Location")).isEqualTo("/v1/items/" + id);
        assertThat(json(id)).isEqualTo("{\"a\" : [1,  \"门\"] }");
        assertThat(alert(id).camera()).contains("gate");
        assertThat(alert(id).alertId()).contains("a 1");
    }

    @Test
    void aBodyOfUnknownLengthIsTakenToo() throws IOException {
        var text = "{\"a\":\"" + "x".repeat(100_000) + "\"}";
        var response =
                server.post(
                        "/v1/alerts",
                        BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(bytes(text))),
                        TYPE,
                        JSON);

        assertThat(json(Answer.text(response, "/id"))).isEqualTo(text);
    }

    @Test
    void aRepeatIsTheSameAlert() {
        var first = post(JSON, "{\"a\":1}", KEY, "k-1");
        var again = post(JSON, "{\"a\":1}", KEY, "k-1");
        var other = post(JSON, "{\"a\":2}", KEY, "k-1");

        assertThat(Answer.text(first, "/id")).isEqualTo("k-1");
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(again.statusCode()).isEqualTo(201);
        assertThat(other.statusCode()).isEqualTo(409);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "\"a\"", "{", "{\"a\":1}{}", "{\"a\":\"\\uZZZZ\"}"})
    void whatIsNoJsonObjectIsRefused(String body) {
        refused(post(JSON, body), 400, "invalid");
    }

    @Test
    void whatIsNoJsonByItsTypeIsRefused() {
        refused(post("text/plain", "{}"), 415, "media-type-not-allowed");
        refused(post("application/json; charset=utf-16", "{}"), 415, "media-type-not-allowed");
    }

    @Test
    void aLargeAlertIsRefused() {
        refused(post(JSON, "{\"a\":\"" + "x".repeat(1_000_000) + "\"}"), 413, "too-large");
        refused(post(JSON, " ".repeat(8_000_001)), 413, "too-large");
    }

    @Test
    void aBatchIsAnsweredInOrder() throws IOException {
        var response = post(JSON, "[ {\"a\":1} ,\n{\"b\":[{\"c\":2}]},{\"门\":\"\"}]");

        assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
        assertThat(json(Answer.text(response, "/items/0/id"))).isEqualTo("{\"a\":1}");
        assertThat(json(Answer.text(response, "/items/1/id"))).isEqualTo("{\"b\":[{\"c\":2}]}");
        assertThat(json(Answer.text(response, "/items/2/id"))).isEqualTo("{\"门\":\"\"}");
        assertThat(held()).isEqualTo(3);
        assertThat(Answer.json(post(JSON, "[]")).at("/items").size()).isZero();
    }

    @Test
    void aRepeatedBatchIsTheSameAlerts() {
        var first = post(JSON, "[{\"a\":1},{\"a\":1}]", KEY, "batch 1");
        var again = post(JSON, "[{\"a\":1},{\"a\":1}]", KEY, "batch 1");

        assertThat(again.body()).isEqualTo(first.body());
        assertThat(held()).isEqualTo(2);
    }

    @Test
    void ofABatchSomeMayBeStored() {
        assertThat(post(EVENT, event("b", "")).statusCode()).isEqualTo(201);

        var response = post(EVENTS, "[%s,%s]".formatted(event("a", ""), event("b", ",\"data\":1")));

        assertThat(response.statusCode()).as(response.body()).isEqualTo(207);
        assertThat(Answer.text(response, "/items/0/kind")).isEqualTo("alert");
        assertThat(Answer.text(response, "/items/1/type")).isEqualTo("/problems/conflict");
    }

    @Test
    void whereAllOfABatchFailAlikeThatIsTheAnswer() {
        assertThat(post(EVENT, event("b", "")).statusCode()).isEqualTo(201);

        var response = post(EVENTS, "[%s]".formatted(event("b", ",\"data\":1")));

        assertThat(response.statusCode()).isEqualTo(409);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[{\"a\":1},2]",
                "[{\"a\":1},[]]",
                "[{\"a\":1}",
                "[{\"a\":1}]x",
                "[{\"a\":1},]",
                "[{\"a\":1},{\"a\":}]"
            })
    void ofABatchNothingIsStoredUnlessAllIsAllowed(String body) {
        assertThat(post(JSON, body).statusCode()).isEqualTo(400);
        assertThat(held()).isZero();
    }

    @Test
    void aBatchHasLimits() {
        var many = "{},".repeat(1_000);
        assertThat(post(JSON, "[" + many + "{}]").statusCode()).isEqualTo(400);
        var deep = "{\"a\":".repeat(101) + "1" + "}".repeat(101);
        assertThat(post(JSON, "[{}," + deep + "]").statusCode()).isEqualTo(400);
        var large = "{\"a\":\"" + "x".repeat(1_000_000) + "\"}";
        assertThat(post(JSON, "[{}," + large + "]").statusCode()).isEqualTo(400);
        var broken =
                new byte[] {
                    '[', '{', '}', ',', '{', '"', (byte) 0xC3, '(', '"', ':', '1', '}', ']'
                };
        assertThat(server.post("/v1/alerts", broken, TYPE, JSON).statusCode()).isEqualTo(400);
        assertThat(held()).isZero();
        assertThat(post(JSON, "[" + many.substring(0, many.length() - 1) + "]").statusCode())
                .isEqualTo(201);
    }

    private static String event(String id, String more) {
        return "{\"specversion\":\"1.0\",\"id\":\"%s\",\"source\":\"/gate\",\"type\":\"t\"%s}"
                .formatted(id, more);
    }

    @Test
    void aCloudEventSaysWhoAndWhenItIs() throws IOException {
        var text = event("1", ",\"time\":\"2026-11-24T11:00:00+01:00\",\"subject\":\"line 7\"");
        var first = post(EVENT, text);
        var again = post(EVENT, text);

        var id = Answer.text(first, "/id");
        assertThat(id).matches("event-[0-9a-f]{40}");
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(json(id)).isEqualTo(text);
        assertThat(alert(id).time()).isEqualTo("2026-11-24T10:00:00Z");
        assertThat(alert(id).alertId()).contains("line 7");
    }

    @Test
    void whatIsSaidBesideACloudEventGoesFirst() {
        var text = event("1", ",\"time\":\"2026-11-24T11:00:00Z\",\"subject\":\"line 7\"");
        var response =
                server.post(
                        "/v1/alerts?alert=x&time=2026-01-01T00:00:00Z",
                        bytes(text),
                        TYPE,
                        EVENT,
                        KEY,
                        "own");

        assertThat(Answer.text(response, "/id")).isEqualTo("own");
        assertThat(alert("own").time()).isEqualTo("2026-01-01T00:00:00Z");
        assertThat(alert("own").alertId()).contains("x");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "{\"id\":\"1\",\"source\":\"s\",\"type\":\"t\"}                         | specversion",
                "{\"specversion\":\"0.3\",\"id\":\"1\",\"source\":\"s\",\"type\":\"t\"} | specversion",
                "{\"specversion\":\"1.0\",\"source\":\"s\",\"type\":\"t\"}              | id",
                "{\"specversion\":\"1.0\",\"id\":1,\"source\":\"s\",\"type\":\"t\"}     | id",
                "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"\",\"type\":\"t\"}  | source",
                "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"s\",\"type\":null}  | type",
                "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"s\",\"type\":\"t\",\"id\":\"2\"} | id",
                "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"s\",\"type\":\"t\",\"time\":\"now\"} | time",
            })
    void aCloudEventMustBeOne(String text, String field) {
        var one = post(EVENT, text);
        refused(one, 400, "invalid");
        assertThat(Answer.text(one, "/field")).isEqualTo(field);
        var batch = post(EVENTS, "[" + event("9", "") + "," + text + "]");
        refused(batch, 400, "invalid");
        assertThat(Answer.text(batch, "/field")).isEqualTo("[1]." + field);
    }

    @Test
    void whoPrefersItIsAnsweredAtAdmission() {
        var one = post(JSON, "{}", "Prefer", "respond-async");
        var batch = post(JSON, "[{},{}]", "Prefer", "respond-async");

        assertThat(one.statusCode()).isEqualTo(202);
        assertThat(batch.statusCode()).isEqualTo(202);
        assertThat(Answer.header(batch, "Preference-Applied")).isEqualTo("respond-async");
        assertThat(Answer.json(batch).at("/items").size()).isEqualTo(2);
    }
}
