package io.camspool.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class ImageCodecsTest {
    private record Some(String name, int rank, boolean available) implements ImageCodec {
        @Override
        public Encoder openEncoder() {
            throw new IllegalStateException(name);
        }
    }

    @Test
    void theBestThatIsAvailableSaysWhyNoBetterOneIs() {
        var slow = new Some("slow", 0, true);
        var fast = new Some("fast", 5, true);

        assertThat(ImageCodecs.best(List.of(slow, fast))).isSameAs(fast);
        assertThat(ImageCodecs.best(List.of(new Some("fast (no room)", 5, false), slow)).name())
                .isEqualTo("slow, instead of fast (no room)");
    }
}
