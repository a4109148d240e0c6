package io.camspool.agent.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camspool.CamspoolException;
import io.camspool.NearestWord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SectionTest {
    @TempDir Path folder;

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("camspool.yaml"), text);
    }

    private Section read(Reading reading, String text) throws IOException {
        return YamlFile.read(file(text), reading);
    }

    private Reading reading() {
        return new Reading(folder.resolve("camspool.yaml"), Map.of());
    }

    @Test
    void allThatIsWrongIsSaidAtOnceWithItsLine() throws IOException {
        var reading = reading();
        var top =
                read(
                        reading,
                        """
                        box: site-1
                        lingr: 3s
                        limit: fast
                        wait: [1, 2]
                        zzz: 1
                        """);
        top.text("box");
        top.duration("linger");
        top.bytes("limit", 1, 1_000_000);
        top.duration("wait");
        top.end();

        assertThatThrownBy(reading.problems()::throwIfAny)
                .isInstanceOf(CamspoolException.class)
                .message()
                .satisfies(
                        message ->
                                assertThat(message.lines().map(this::withoutFolder))
                                        .containsExactly(
                                                "camspool.yaml:2: lingr: unknown key; did you mean 'linger'?",
                                                "camspool.yaml:3: limit: \"fast\" is not allowed; allowed: 1 to 1000000 bytes, as 300kB or 64MB",
                                                "camspool.yaml:4: wait: one value, not a list and no keys",
                                                "camspool.yaml:5: zzz: unknown key; known are box, limit, linger, wait"));
    }

    private String withoutFolder(String line) {
        return line.replace(folder + "/", "");
    }

    @Test
    void nothingWrongIsNoProblem() throws IOException {
        var reading = reading();
        var top =
                read(
                        reading,
                        """
                        on: yes
                        sinks:
                          cloud: {type: folder, tags: [a, b]}
                        """);
        assertThat(top.text("on")).hasValue("yes");
        var cloud = top.section("sinks").flatMap(sinks -> sinks.section("cloud")).orElseThrow();
        assertThat(cloud.name("type")).isEqualTo("sinks.cloud.type");
        assertThat(cloud.texts("tags")).containsExactly("a", "b");
        assertThat(cloud.oneOf("type", List.of("folder", "http"))).hasValue("folder");
        top.end();
        cloud.end();
        reading.problems().throwIfAny();
    }

    @Test
    void anEmptyFileHasNoKeys() throws IOException {
        var reading = reading();
        assertThat(read(reading, "# nothing yet\n").has("box")).isFalse();
        reading.problems().throwIfAny();
    }

    @Test
    void aKeyThatStandsTwiceIsAProblem() throws IOException {
        var reading = reading();
        assertThatThrownBy(
                        () -> {
                            read(reading, "box: a\nbox: b\n").text("box");
                            reading.problems().throwIfAny();
                        })
                .hasMessageContaining("camspool.yaml:2")
                .hasMessageContaining("box");
    }

    @Test
    void whatIsNoYamlIsRefusedWithItsLine() {
        assertThatThrownBy(() -> read(reading(), "box: [a\nnext: b\n"))
                .isInstanceOf(CamspoolException.class)
                .hasMessageContaining("camspool.yaml:2");
    }

    @Test
    void aSecretMayStandElsewhere() throws IOException {
        Files.writeString(folder.resolve("token"), "abc\n");
        var reading = reading();
        var top =
                read(
                        reading,
                        "token: file:%s\nother: env:CAMSPOOL_NO_SUCH\n"
                                .formatted(folder.resolve("token")));
        assertThat(top.secret("token")).hasValue("abc");
        assertThat(top.secret("other")).isEmpty();
        assertThatThrownBy(reading.problems()::throwIfAny)
                .hasMessageContaining("camspool.yaml:2: other: \"env:CAMSPOOL_NO_SUCH\"");
    }

    @ParameterizedTest
    @CsvSource({"200ms, 200", "1.5s, 1500", "10m, 600000", "2h, 7200000", "7d, 604800000"})
    void timesHaveUnits(String text, long millis) {
        assertThat(Amounts.duration(text)).hasValue(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @CsvSource({
        "1024, 1024",
        "300kB, 300000",
        "1.5MB, 1500000",
        "64 MiB, 67108864",
        "2GB, 2000000000"
    })
    void bytesHaveUnits(String text, long bytes) {
        assertThat(Amounts.bytes(text)).hasValue(bytes);
    }

    @ParameterizedTest
    @CsvSource({"-1", "1kb", "''", "MB", "999999999999TB", "1.2345MB", "0x10"})
    void otherBytesAreNone(String text) {
        assertThat(Amounts.bytes(text)).isEmpty();
    }

    @Test
    void theNearestKnownWordIsGuessedOnlyWhenItIsNear() {
        var known = List.of("linger", "limit", "box");
        assertThat(NearestWord.meant("lingr", known)).hasValue("linger");
        assertThat(NearestWord.meant("bx", known)).hasValue("box");
        assertThat(NearestWord.meant("retention", known)).isEmpty();
    }
}
