package io.camspool.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.camspool.Alert;
import io.camspool.Camspool;
import io.camspool.CamspoolConfig;
import io.camspool.Capture;
import io.camspool.Encoded;
import io.camspool.ItemId;
import io.camspool.Pictures;
import io.camspool.StoredAlert;
import io.camspool.Undelivered;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CloudEventsTest {
    private static final String JSON = "{ \"n\" : 1 }";

    private static final Duration SOON = Duration.ofSeconds(30);

    @TempDir Path folder;

    private record Sent(StoredAlert item, List<CaptureLink> captures) implements Delivery {
        @Override
        public String key() {
            return "box-1~abcdef/alerts/20261123/a.json";
        }

        @Override
        public String source() {
            return "box-1~abcdef";
        }

        @Override
        public InputStream open() {
            return new ByteArrayInputStream(JSON.getBytes(StandardCharsets.UTF_8));
        }
    }

    private static String event(CaptureLink... captures) {
        var alert =
                new StoredAlert(
                        new ItemId("a"),
                        1,
                        Optional.empty(),
                        Optional.empty(),
                        Instant.EPOCH,
                        Map.of(),
                        5,
                        JSON.length(),
                        "0",
                        0,
                        false);
        return new String(
                CloudEvents.alert(
                        new Sent(alert, List.of(captures)),
                        alert,
                        JSON.getBytes(StandardCharsets.UTF_8)),
                StandardCharsets.UTF_8);
    }

    @Test
    void anAlertNamesTheKeysOfItsCapturesAndLeavesItsJsonAlone() {
        var known =
                new CaptureLink(
                        new ItemId("c"), "b~x/门 1%.jpg", Optional.of("https://files/c.jpg"));
        var unknown = new CaptureLink(new ItemId("d"), "b~x/d.jpg", Optional.empty());

        assertThat(event()).doesNotContain("capture").endsWith(",\"data\":" + JSON + "}");
        assertThat(event(unknown))
                .contains("\"captures\":\"b~x/d.jpg\"")
                .doesNotContain("captureurls");
        assertThat(event(known, unknown))
                .contains("\"captures\":\"b~x/%E9%97%A8%201%25.jpg b~x/d.jpg\"")
                .contains("\"captureurls\":\"https://files/c.jpg -\"")
                .endsWith(",\"data\":" + JSON + "}");
    }

    @Test
    void anAlertLinksTheCapturesSavedWithItAlsoWhenTheyAreGone() {
        var links = new ConcurrentLinkedQueue<List<CaptureLink>>();
        var sink = new ScriptedSink();
        sink.answerEach(
                delivery -> {
                    if (delivery.item() instanceof StoredAlert) {
                        links.add(delivery.captures());
                        return new Outcome.NetworkFault("away");
                    }
                    assertThat(delivery.captures()).isEmpty();
                    return ScriptedSink.taken(delivery);
                });
        try (var spool = Camspool.open(CamspoolConfig.in(folder).withSink("cloud", sink))) {
            var receipts =
                    spool.save(
                            Alert.of("{}").withAlert("a-1"),
                            List.of(picture("gate 1", 1), picture("gate 2", 2)));
            receipts.forEach(receipt -> receipt.await(SOON));
            var alone = spool.save(Alert.of("{}"));
            alone.await(SOON);
            awaitLinks(spool, links, 2);
            spool.pauseSink("cloud");
            spool.remove(receipts.get(1).id(), Undelivered.DROP);
            var before = links.size();
            spool.resumeSink("cloud");
            awaitLinks(spool, links, before + 2);

            assertThat(links.stream().filter(each -> !each.isEmpty()).distinct())
                    .singleElement()
                    .satisfies(
                            each -> {
                                assertThat(each)
                                        .extracting(CaptureLink::id)
                                        .containsExactly(
                                                receipts.get(1).id(), receipts.get(2).id());
                                assertThat(each.getFirst().key())
                                        .contains("~")
                                        .endsWith(receipts.get(1).id() + ".jpg");
                            });
        }
    }

    private static void awaitLinks(
            Camspool spool, ConcurrentLinkedQueue<List<CaptureLink>> links, int count) {
        var end = System.nanoTime() + SOON.toNanos();
        while (links.size() < count) {
            assertThat(System.nanoTime()).as("time is up: " + spool.status()).isLessThan(end);
            Thread.onSpinWait();
        }
    }

    private static Capture picture(String camera, int seed) {
        return Capture.of(camera, Encoded.of(Pictures.jpeg(64, 48, seed)));
    }
}
