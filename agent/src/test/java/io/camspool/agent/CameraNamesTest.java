package io.camspool.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camspool.CamspoolException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CameraNamesTest {
    private final CameraNames names = new CameraNames(null);

    private void count(String format) {
        IntStream.range(0, 20).mapToObj(format::formatted).forEach(names::count);
    }

    private String read(String name) {
        return read(names, name);
    }

    private static String read(CameraNames names, String name) {
        return names.read(name)
                .map(
                        found ->
                                found.camera()
                                        + " | "
                                        + found.alert().orElse("-")
                                        + (found.guessed() ? " ?" : ""))
                .orElse("none");
    }

    @Test
    void oneUnderscoreParts() {
        assertThat(read("gate-1_alert-42")).isEqualTo("gate-1 | alert-42");
        assertThat(read("东门_告警")).isEqualTo("东门 | 告警");
        assertThat(read("gate")).isEqualTo("gate | -");
        assertThat(read("_gate")).isEqualTo("_gate | -");
        assertThat(read("gate_")).isEqualTo("gate_ | -");
        assertThat(read("_gate_42")).isEqualTo("_gate | 42");
    }

    @Test
    void whatBeginsManyNamesIsACamera() {
        count("dock_%d");
        assertThat(read("dock_fire_7")).isEqualTo("dock | fire_7 ?");
        count("gate_1_%d");
        count("gate_2_%d");
        assertThat(read("gate_1_7")).isEqualTo("gate_1 | 7 ?");
        assertThat(read("gate_2_7_b")).isEqualTo("gate_2 | 7_b ?");
    }

    @Test
    void whatAllNamesOfACameraHaveInCommonIsNotPartOfIt() {
        count("gate_alert_%d");
        assertThat(read("gate_alert_7")).isEqualTo("gate | alert_7 ?");
    }

    @Test
    void aDateIsNeverPartOfACamera() {
        count("gate_20261123_1015%02d_x");
        count("gate_20261124_1015%02d_x");
        assertThat(read("gate_20261123_101507_x")).isEqualTo("gate | 20261123_101507_x ?");
    }

    @Test
    void theOwnersRuleDecides() {
        var own = new CameraNames("(?<camera>[a-z]+_[0-9])(_(?<alert>.*))?");
        Stream.of("gate_1_7", "gate_2_7").forEach(own::count);

        assertThat(read(own, "gate_1_a_7")).isEqualTo("gate_1 | a_7");
        assertThat(read(own, "gate_1")).isEqualTo("gate_1 | -");
        assertThat(read(own, "gate_1_")).isEqualTo("gate_1 | -");
        assertThat(read(own, "other")).isEqualTo("none");
    }

    @ParameterizedTest
    @ValueSource(strings = {"(", "[a-z]+", "(?<alert>.*)"})
    void aRuleThatNamesNoCameraIsRefused(String rule) {
        assertThatThrownBy(() -> new CameraNames(rule))
                .isInstanceOf(CamspoolException.class)
                .hasMessageContaining("--camera-pattern");
    }
}
