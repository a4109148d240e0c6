package io.camspool.internal.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/// A sink that refuses everything for long.
final class MassRefusalsTest {
    private final MassRefusals mass = new MassRefusals();

    @Test
    void noMoreThanTheFirstThousandAreRememberedAsBeingToBlame() {
        refuse(1, 2 * MassRefusals.MOST_TO_BLAME);
        assertThat(mass.isMass()).isTrue();
        mass.end();

        refuse(1, MassRefusals.MOST_TO_BLAME);
        assertThat(mass.isMass()).as("they make no mass again").isFalse();
        refuse(MassRefusals.MOST_TO_BLAME + 1, MassRefusals.MOST_TO_BLAME + MassRefusals.MASS);
        assertThat(mass.isMass()).as("nothing is known of the others").isTrue();
    }

    private void refuse(long first, long last) {
        LongStream.rangeClosed(first, last).forEach(seq -> mass.counts(List.of(seq), "too large"));
    }
}
