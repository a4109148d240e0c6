package io.camspool.agent.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.camspool.Alert;
import io.camspool.Camspool;
import io.camspool.CamspoolConfig;
import io.camspool.Capture;
import io.camspool.Encoded;
import io.camspool.Pictures;
import io.camspool.sink.Receiver;
import io.camspool.sink.Receiver.Answer;
import io.camspool.sink.Receiver.Request;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The files under `examples/` deliver to platforms of three ordinary shapes.
final class ExampleConfigsTest {
    private static final Path EXAMPLES = Path.of("..", "examples");
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final byte[] PHOTO = Pictures.jpeg(64, 48, 1);

    @TempDir Path folder;

    private final Receiver receiver = new Receiver();

    @AfterEach
    void stop() {
        receiver.close();
    }

    /// The example, with the receiver's address and without the environment.
    private CamspoolConfig example(String name) throws IOException {
        var text =
                Files.readString(EXAMPLES.resolve(name))
                        .replaceAll("https://[a-z]+\\.example", receiver.url())
                        .replaceAll("env:PLATFORM_[A-Z]+", "hush");
        return ConfigSources.of(Files.writeString(folder.resolve(name), text)).read().spool();
    }

    /// Delivers an alert with one image.
    ///
    /// @param arrived until when to wait
    private List<Request> deliver(String name, CountDownLatch arrived) throws Exception {
        try (var spool = Camspool.open(example(name))) {
            spool.save(
                            Alert.of("{\"kind\":\"person\"}").withCamera("gate-1").withAlert("a-1"),
                            List.of(Capture.of("gate-1", Encoded.of(PHOTO))))
                    .forEach(receipt -> receipt.await(SOON));
            assertThat(arrived.await(SOON.toSeconds(), TimeUnit.SECONDS))
                    .as("%s", spool.status().sinks())
                    .isTrue();
        }
        return receiver.requests();
    }

    private static Answer counted(CountDownLatch arrived, Answer answer) {
        arrived.countDown();
        return answer;
    }

    private static Request to(List<Request> requests, String path) {
        return requests.stream()
                .filter(request -> request.address().getPath().startsWith(path))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void jsonWithTheImageInBase64() throws Exception {
        var arrived = new CountDownLatch(2);
        receiver.always(_ -> counted(arrived, Answer.of(200, "{\"code\":0}")));

        var requests = deliver("platform-base64.yaml", arrived);

        assertThat(to(requests, "/api/event").text())
                .startsWith("{\"device\": \"gate-1\", \"at\": ")
                .endsWith("\"event\": {\"kind\":\"person\"}}");
        assertThat(to(requests, "/api/upload").text())
                .contains(
                        "\"event\": \"a-1\", \"pic\": \"data:image/jpeg;base64,"
                                + Base64.getEncoder().encodeToString(PHOTO)
                                + "\"}");
        assertThat(requests)
                .allMatch(request -> request.header("Authorization").equals("Bearer hush"));
    }

    @Test
    void multipartWithNamedFields() throws Exception {
        var arrived = new CountDownLatch(2);
        receiver.always(_ -> counted(arrived, Answer.of(200, "{\"success\":true}")));

        var requests = deliver("platform-multipart.yaml", arrived);

        assertThat(to(requests, "/alarm").text()).contains("\"type\": \"person\"");
        assertThat(to(requests, "/files").text())
                .contains("name=\"cameraCode\"\r\n\r\ngate-1\r\n")
                .contains("name=\"alarmCode\"\r\n\r\na-1\r\n")
                .contains("name=\"file\"; filename=");
    }

    @Test
    void signInThenSignedJsonWithAddresses() throws Exception {
        var arrived = new CountDownLatch(2);
        receiver.always(
                request ->
                        switch (request.address().getPath()) {
                            case "/login" -> Answer.of(200, "{\"data\":{\"accessToken\":\"t1\"}}");
                            case String path when path.startsWith("/event") ->
                                    counted(arrived, Answer.of(200, "{\"code\":0}"));
                            default -> counted(arrived, Answer.of(201));
                        });

        var requests = deliver("platform-signed.yaml", arrived);

        assertThat(to(requests, "/login").text())
                .isEqualTo("{\"appId\": \"box-1\", \"appKey\": \"hush\"}");
        var event = to(requests, "/event");
        assertThat(event.header("X-Access-Token")).isEqualTo("t1");
        assertThat(event.header("X-Sign")).matches("[0-9a-f]{64}");
        assertThat(event.text()).contains("\"kind\": \"person\", \"camera\": \"gate-1\"");
        var image = to(requests, "/images/");
        assertThat(event.text())
                .contains("\"first\": \"" + receiver.url() + image.address().getRawPath() + "\"")
                .contains("\"incomplete\": false");
        assertThat(image.body()).isEqualTo(PHOTO);
    }

    @Test
    void aServerAndAShare() throws IOException {
        var config = example("camspool.yaml");

        assertThat(config.sinks()).extracting(sink -> sink.id()).containsExactly("server", "share");
        config.sinks().forEach(sink -> sink.sink().close());
    }
}
