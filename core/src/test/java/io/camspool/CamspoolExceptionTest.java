package io.camspool;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;

final class CamspoolExceptionTest {
    @Test
    void aStorageFailureNamesItsSubjectOnce() {
        assertThat(
                        CamspoolException.storage(
                                "make the data folder",
                                "/proc/x",
                                new NoSuchFileException("/proc/x"),
                                "check the path"))
                .hasMessage(
                        "cannot make the data folder /proc/x: no such file or folder; check the path");
    }
}
