package io.camspool.codec.opencv;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NativeRoomTest {
    @TempDir Path folder;

    @Test
    void whatWouldTakeTheRoomOfTheSpoolIsNotUnpacked() throws IOException {
        assertThat(NativeRoom.lack(folder, 179_999_999))
                .hasValueSatisfying(
                        why -> assertThat(why).contains("130 MB").contains("179 MB are free"));
        assertThat(NativeRoom.lack(folder, 180_000_000)).isEmpty();
    }

    @Test
    void whatIsThereAlreadyNeedsNoRoom() throws IOException {
        var place = Files.createDirectories(folder.resolve("opencv.jar/org/opencv/linux"));
        Files.write(place.resolve("libjniopencv_imgcodecs.so"), new byte[1]);

        assertThat(NativeRoom.lack(folder, 0)).isEmpty();
    }
}
