package io.camspool;

import static io.camspool.CamspoolTest.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.camspool.sink.HttpAlerts;
import io.camspool.sink.HttpSettings;
import io.camspool.sink.NamedSink;
import io.camspool.sink.Receiver;
import io.camspool.sink.Receiver.Answer;
import io.camspool.sink.Receiver.Request;
import io.camspool.sink.Sinks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Images to a folder that is served, their addresses to a platform by HTTP: no address comes whose
/// image isn't there.
final class ImageAddressTest {
    private static final String PUBLIC = "https://images.example/";

    @TempDir Path folder;

    private final Receiver platform = new Receiver();

    /// Addresses that came before their files, whatever they came in.
    private final List<String> early = new ArrayList<>();

    private final Set<String> complete = new HashSet<>();
    private final Set<String> incomplete = new HashSet<>();

    /// The addresses that an event gave for an alert.
    private final Map<String, Integer> followedUp = new HashMap<>();

    @AfterEach
    void stop() {
        platform.close();
    }

    private Path images() {
        return folder.resolve("images");
    }

    private CamspoolConfig config(Duration limit) throws IOException {
        Files.createDirectories(images());
        platform.always(this::look);
        return CamspoolConfig.in(folder.resolve("data"))
                .withBox("box-1")
                .withZone(ZoneOffset.UTC)
                .withSink(
                        new NamedSink(
                                        "platform",
                                        true,
                                        Sinks.http(
                                                HttpSettings.of(
                                                                HttpAlerts.to(
                                                                        platform.url() + "/alerts"))
                                                        .withProbeUrl(platform.url() + "/health")))
                                .withAfter("images", limit))
                .withSink(
                        new NamedSink("images", true, Sinks.folder(images()))
                                .withPublicUrl(PUBLIC + "{key}"));
    }

    private synchronized Answer look(Request request) {
        if (request.address().getPath().equals("/alerts")) {
            try (var parser = new JsonFactory().createParser(Receiver.unpacked(request))) {
                parser.nextToken();
                while (parser.nextToken() == JsonToken.START_OBJECT) {
                    look(attributes(parser));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return platform.take(request);
    }

    /// Of an event, with the addresses in its data and the id of the alert it follows.
    private static Map<String, String> attributes(JsonParser parser) throws IOException {
        var found = new HashMap<String, String>();
        var depth = 1;
        while (depth > 0) {
            var token = parser.nextToken();
            if (token == JsonToken.START_OBJECT) {
                depth++;
            } else if (token == JsonToken.END_OBJECT) {
                depth--;
            } else if (token.isScalarValue()) {
                var parent = parser.getParsingContext().getParent().getCurrentName();
                var name = parser.currentName();
                if (depth == 1) {
                    found.put(name, parser.getText());
                } else if ("alert".equals(parent) && name.equals("id")) {
                    found.put("follows", parser.getText());
                } else if (name.equals("url")) {
                    found.merge("captureurls", parser.getText(), (a, b) -> a + " " + b);
                }
            }
        }
        return found;
    }

    private void look(Map<String, String> event) {
        var urls =
                List.of(event.getOrDefault("captureurls", "-").split(" ")).stream()
                        .filter(url -> !url.equals("-"))
                        .toList();
        for (var url : urls) {
            var path = URI.create(url).getPath().substring(1);
            if (!url.startsWith(PUBLIC) || !Files.exists(images().resolve(path))) {
                early.add(url);
            }
        }
        if (event.containsKey("follows")) {
            followedUp.put(event.get("follows"), urls.size());
        } else if (event.containsKey("incomplete")) {
            incomplete.add(event.get("id"));
        } else if (urls.size() == 2) {
            complete.add(event.get("id"));
        }
    }

    private synchronized int arrived() {
        return complete.size() + incomplete.size();
    }

    private synchronized int followUps() {
        return followedUp.size();
    }

    private static Set<String> save(Camspool spool, int alerts) {
        var ids = new HashSet<String>();
        for (var i = 0; i < alerts; i++) {
            var captures =
                    IntStream.range(0, 2)
                            .mapToObj(
                                    seed ->
                                            Capture.of(
                                                    "东门 %",
                                                    Encoded.of(Pictures.jpeg(64, 48, seed))))
                            .toList();
            var receipts = spool.save(Alert.of("{\"kind\":\"person\"}"), captures);
            receipts.forEach(receipt -> receipt.await(SOON));
            ids.add(receipts.getFirst().id().value());
        }
        return ids;
    }

    private static void until(BooleanSupplier condition) throws InterruptedException {
        var end = System.nanoTime() + SOON.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("time is up").isLessThan(end);
            Thread.sleep(5);
        }
    }

    private static boolean isInTrouble(Camspool spool, String id) {
        return spool.status().sinks().stream()
                .anyMatch(sink -> sink.id().equals(id) && sink.trouble().isPresent());
    }

    @Test
    void noAddressComesBeforeItsImageWhicheverSinkIsDead()
            throws IOException, InterruptedException {
        try (var spool = Camspool.open(config(Duration.ofHours(1)))) {
            var ids = save(spool, 5);
            assertThat(spool.awaitDelivered(SOON)).isTrue();
            var away = folder.resolve("away");
            Files.move(images(), away);
            ids.addAll(save(spool, 5));
            until(() -> isInTrouble(spool, "images"));
            Files.move(away, images());
            platform.goAway();
            ids.addAll(save(spool, 5));
            until(() -> isInTrouble(spool, "platform"));
            platform.comeBack();

            assertThat(spool.awaitDelivered(SOON)).isTrue();
            synchronized (this) {
                assertThat(early).isEmpty();
                assertThat(complete).isEqualTo(ids);
                assertThat(incomplete).isEmpty();
            }
            assertThat(spool.verify(_ -> {}).problems()).isEmpty();
        }
    }

    @Test
    void whatCannotWaitIsMarkedAndFollowedUp() throws IOException, InterruptedException {
        try (var spool = Camspool.open(config(Duration.ofMillis(1)))) {
            var away = folder.resolve("away");
            Files.move(images(), away);
            var ids = save(spool, 5);
            until(() -> arrived() == 5);
            synchronized (this) {
                assertThat(incomplete).isEqualTo(ids);
                assertThat(followedUp).isEmpty();
            }
            Files.move(away, images());

            until(() -> followUps() == 5);
            assertThat(spool.awaitDelivered(SOON)).isTrue();
            synchronized (this) {
                assertThat(early).isEmpty();
                assertThat(followedUp.keySet()).isEqualTo(ids);
                assertThat(followedUp.values()).containsOnly(2);
            }
            assertThat(spool.verify(_ -> {}).problems()).isEmpty();
        }
    }
}
