package io.camspool.internal.sink.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camspool.CamspoolException;
import io.camspool.sink.HttpAlerts;
import io.camspool.sink.HttpImages;
import io.camspool.sink.HttpSettings;
import io.camspool.sink.Outcome;
import io.camspool.sink.Sinks;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class HttpTemplateTest {
    private static final String ALERT =
            "{\"kind\":\"人 \\\"1\\\"\",\"score\":0.930,\"box\":[1, {\"x\":2}],\"none\":null,\"a/b\":true}";

    private static String filled(String template) {
        var fields = new Fields(Deliveries.alert(ALERT), ALERT.getBytes(StandardCharsets.UTF_8));
        return new Template("body", template, Template.Use.JSON, Fields.OF_ALERTS)
                .fill(fields::value);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "${id} | \"a1\"",
                "\"${id}\" | \"a1\"",
                "\"id=${id}, ${priority}\" | \"id=a1, 7\"",
                "${camera} | \"门 \\\"1\\\"\"",
                "\"${camera}\" | \"门 \\\"1\\\"\"",
                "${alertId} | null",
                "\"${alertId}\" | \"\"",
                "${time} | \"2026-11-23T12:00:00.250Z\"",
                "${timeMillis} | 1795435200250",
                "${key} | \"box-1~abc123/alerts/20261123/a1.json\"",
                "${box} | \"box-1\"",
                "${priority} | 7",
                "${labels} | {\"by\":\"a\\nb\",\"zone\":\"north\"}",
                "${labels.zone} | \"north\"",
                "\"${labels.by}\" | \"a\\nb\"",
                "${labels.other} | null",
                "${json:/kind} | \"人 \\\"1\\\"\"",
                "\"${json:/kind}\" | \"人 \\\"1\\\"\"",
                "${json:/score} | 0.930",
                "${json:/box} | [1, {\"x\":2}]",
                "${json:/box/1/x} | 2",
                "\"${json:/box/1}\" | \"{\\\"x\\\":2}\"",
                "${json:/box/2} | null",
                "${json:/none} | null",
                "${json:/a~1b} | true",
                "${json:/nowhere/at/all} | null",
                "${captures[0].url} | \"https://img.example/c1.jpg\"",
                "${captures[0].key} | \"k/c1.jpg\"",
                "${captures[1].url} | null",
                "${captures[9].key} | null",
                "${incomplete} | true",
            })
    void aPlaceholderGivesTheValue(String template, String expected) {
        assertThat(filled(template)).isEqualTo(expected);
    }

    @Test
    void wholeParts() {
        assertThat(filled("{\"data\":${json}}")).isEqualTo("{\"data\":" + ALERT + "}");
        assertThat(filled("{\"data\":\"${json}\"}"))
                .isEqualTo("{\"data\":" + Json.quoted(ALERT) + "}");
        assertThat(filled("${captures}"))
                .isEqualTo(
                        "[{\"id\":\"c1\",\"key\":\"k/c1.jpg\",\"url\":\"https://img.example/c1.jpg\"},"
                                + "{\"id\":\"c2\",\"key\":\"k/c2.jpg\",\"url\":null}]");
    }

    @Test
    void aMistypedPlaceholderIsAnErrorThatNamesTheNearest() {
        assertThatThrownBy(
                        () ->
                                Sinks.http(
                                        HttpSettings.of(
                                                HttpAlerts.to("https://a.example/x")
                                                        .withBody("{\"c\":${camrea}}"))))
                .isInstanceOf(CamspoolException.class)
                .hasMessage(
                        "http.alerts-body: there is no placeholder camrea; the nearest is camera");
        assertThatThrownBy(() -> filled("${captures[x].url}"))
                .isInstanceOf(CamspoolException.class);
        assertThatThrownBy(() -> filled("${captures[0].uri}"))
                .isInstanceOf(CamspoolException.class);
        assertThatThrownBy(
                        () -> Sinks.http(HttpSettings.of(HttpImages.to("https://a.example/{kye}"))))
                .hasMessage("http.images-url: there is no placeholder kye; the nearest is key");
    }

    @Test
    void aTemplateThatGivesNoJsonIsAnError() {
        assertThatThrownBy(() -> filled("{\"a\":${id}"))
                .isInstanceOf(CamspoolException.class)
                .hasMessage("body: the template is not JSON once it is filled");
        assertThatThrownBy(() -> filled("{\"a\":x${id}}")).isInstanceOf(CamspoolException.class);
    }

    @Test
    void anAddressIsEncodedBySegment() {
        var fields = new Fields(Deliveries.alert(ALERT), new byte[0]);
        var template =
                new Template(
                        "url",
                        "https://a.example/{key}?camera={camera}&d={date}",
                        Template.Use.URL,
                        Fields.OF_ALERTS);
        assertThat(template.fill(fields::value))
                .isEqualTo(
                        "https://a.example/box-1~abc123/alerts/20261123/a1.json"
                                + "?camera=%E9%97%A8%20%221%22&d=20261123");
    }

    @Test
    void onlyAPathKeepsItsSlashes() throws FaultException {
        assertThat(address("https://a.example/{source}/{labels.zone}/{camera}", "../../admin"))
                .isEqualTo("https://a.example/box-1~abc123/..%2F..%2Fadmin/..%2F..%2Fadmin");
    }

    @ParameterizedTest
    @CsvSource({
        "/{camera}/c1.jpg,..",
        "/x/{camera},..",
        "/x/{camera},.",
        "/x/.{camera},.",
        "/x/{camera}?a=1,..",
        "/x/.{camera}/y,''"
    })
    void anItemWhoseNamesWouldLeadElsewhereHasNoAddress(String path, String name) {
        assertThatThrownBy(() -> address("https://a.example" + path, name))
                .isInstanceOfSatisfying(
                        FaultException.class,
                        e ->
                                assertThat(e.outcome())
                                        .isInstanceOfSatisfying(
                                                Outcome.ItemRefused.class,
                                                refused ->
                                                        assertThat(refused.reason())
                                                                .isEqualTo("no address")));
    }

    @ParameterizedTest
    @CsvSource({"/x/{camera}.jpg,..", "/x/..{camera},a", "/x?a={camera},.."})
    void dotsWithinANameAreHarmless(String path, String name) throws FaultException {
        assertThat(address("https://a.example" + path, name))
                .isEqualTo("https://a.example" + path.replace("{camera}", name));
    }

    @Test
    void anAddressThatLeadsBackIsAnError() {
        assertThatThrownBy(() -> Sinks.http(HttpSettings.of(HttpImages.to("https://a/x/../{key}"))))
                .isInstanceOf(CamspoolException.class);
    }

    /// @param name of camera and zone
    private static String address(String url, String name) throws FaultException {
        var fields = new Fields(Deliveries.alert(ALERT), new byte[0]);
        return Addresses.fill(
                Addresses.template("url", url, Fields.OF_ALERTS),
                field ->
                        field.equals("camera") || field.startsWith("labels.")
                                ? Json.Value.string(name)
                                : fields.value(field));
    }
}
