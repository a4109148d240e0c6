package io.camspool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class CamspoolConfigTest {
    @Test
    void limitsOfAlertsStayWithinTheIntake() {
        var config = CamspoolConfig.in(Path.of("data")).withAlertLimits(2_000, 7);

        assertThat(config.maxAlertBytes()).isEqualTo(2_000);
        assertThat(config.withBox("b").maxAlertDepth()).isEqualTo(7);
        assertThatThrownBy(() -> config.withAlertLimits(5_000_000, 7))
                .hasMessageContaining("half of intake.alert-memory");
    }
}
