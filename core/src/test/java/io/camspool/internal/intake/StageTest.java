package io.camspool.internal.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class StageTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();

    private static final class Letter extends Stage.Piece<Letter> {
        private final String name;

        Letter(String name) {
            this.name = name;
        }
    }

    /// Has no memory for what is called bad, nor for saying so, at first.
    private final class Forgetful implements Stage.Worker<Letter> {
        private boolean remembers;

        @Override
        public void begin(List<Letter> letters) {
            if (letters.getFirst().name.equals("worse")) {
                throw new OutOfMemoryError("a test's");
            }
        }

        @Override
        public void handle(Letter letter) {
            if (letter.name.equals("bad")) {
                throw new OutOfMemoryError("a test's");
            }
            seen.add(letter.name);
        }

        @Override
        public void fail(Letter letter) {
            if (!remembers) {
                remembers = true;
                throw new OutOfMemoryError("a test's");
            }
            seen.add("failed: " + letter.name);
        }
    }

    private String next() throws InterruptedException {
        return String.valueOf(seen.poll(SOON.toSeconds(), TimeUnit.SECONDS));
    }

    @Test
    void whatIsThrownEndsNoThreadAndLosesNoPiece() throws InterruptedException {
        var stage = new Stage<Letter>("test", 1, 1, Forgetful::new);
        for (var name : List.of("good", "bad", "worse", "last")) {
            stage.add(new Letter(name));
        }

        assertThat(next()).isEqualTo("good");
        assertThat(next()).isEqualTo("failed: bad");
        assertThat(next()).isEqualTo("failed: worse");
        assertThat(next()).isEqualTo("last");
        assertThat(stage.stop(SOON)).isTrue();
    }
}
