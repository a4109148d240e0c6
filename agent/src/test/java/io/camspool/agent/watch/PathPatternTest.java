package io.camspool.agent.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camspool.CamspoolException;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PathPatternTest {
    private static PathFacts facts(String pattern, String path) {
        return PathPattern.of(pattern).match(path).orElseThrow();
    }

    @Test
    void cameraAlertAndTimeAreReadFromThePath() {
        var facts =
                facts(
                        "{camera}/{time:yyyyMMddHHmmss}_{alert}_*.jpg",
                        "gate-1/20261124101530_a7_x_1.jpg");

        assertThat(facts.camera()).contains("gate-1");
        assertThat(facts.alert()).contains("a7");
        assertThat(facts.time()).contains(LocalDateTime.of(2026, 11, 24, 10, 15, 30));
    }

    @Test
    void aTimeMayStandInSeveralParts() {
        var facts =
                facts(
                        "{camera}/{time:yyyy/MM/dd}/**/{time:HH'h'mm.ss.SSS}*",
                        "door/2026/02/03/a/b/04h05.06.789-x.png");

        assertThat(facts.time()).contains(LocalDateTime.of(2026, 2, 3, 4, 5, 6, 789_000_000));
        assertThat(facts("{camera}-{time:yyMMddHHmm}.jpg", "c-2601020304.jpg").time())
                .contains(LocalDateTime.of(2026, 1, 2, 3, 4));
    }

    @Test
    void foldersAreAnyOrNone() {
        var pattern = PathPattern.of("{camera}/**/*.jpg");

        assertThat(pattern.matches("gate/x.jpg")).isTrue();
        assertThat(pattern.matches("gate/a/b/x.jpg")).isTrue();
        assertThat(pattern.matches("x.jpg")).isFalse();
        assertThat(pattern.matches("gate/a/x.png")).isFalse();
        assertThat(PathPattern.of("**/*").matches("x")).isTrue();
        assertThat(PathPattern.of("**/{camera}/*").match("a/b/c/x.jpg").orElseThrow().camera())
                .contains("c");
        assertThat(PathPattern.of("{camera}_*").match("gate_1_2.jpg").orElseThrow().camera())
                .contains("gate");
    }

    @Test
    void aTimeThatThereIsNotIsRefused() {
        var pattern = PathPattern.of("{camera}/{time:yyyyMMddHHmm}.jpg");

        assertThat(pattern.matches("gate/202602300000.jpg")).isTrue();
        assertThatThrownBy(() -> pattern.match("gate/202602300000.jpg"))
                .isInstanceOf(CamspoolException.class)
                .hasMessageContaining("202602300000");
        assertThat(pattern.match("gate/2026023000xx.jpg")).isEqualTo(Optional.empty());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{camera/*.jpg; character 1: a { without }",
                "a}/*.jpg; character 2: a } without {",
                "{camera}/{kamera}; character 10: {camera}, {alert}",
                "{camera}/{camera}; character 10: {camera} stands there twice",
                "{camera}*.jpg; character 9: something must stand between",
                "{camera}/**.jpg; character 10: ** stands for folders",
                "a**/{camera}; character 2: ** stands for folders",
                "/{camera}; character 1: it is relative",
                "{camera}/{time:yyyyMMdd}.jpg; character 10: a time needs year",
                "{camera}/{time:HHmm}.jpg; character 10: a time needs year",
                "{camera}/{time:yyyyMMddHmm}.jpg; character 10: H in a time",
                "{camera}/{time:yyyyMMddHHmm'x}.jpg; character 10: a ' without its end",
            })
    void whatIsWrongIsNamedWithItsPlace(String pattern, String why) {
        assertThatThrownBy(() -> PathPattern.of(pattern))
                .isInstanceOf(CamspoolException.class)
                .hasMessageContaining(why);
    }

    @Test
    @Timeout(10)
    void noNameMakesAMatchSlow() {
        var pattern = PathPattern.of("*a".repeat(500) + "{camera}b");
        var path = "a".repeat(1_024);
        var begun = System.nanoTime();

        assertThat(pattern.matches(path)).isFalse();

        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(5));
    }
}
