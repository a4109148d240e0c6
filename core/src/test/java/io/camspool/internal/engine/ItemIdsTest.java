package io.camspool.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.camspool.ItemId;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class ItemIdsTest {
    private static final long SEED = 7;

    private static ItemIds at(AtomicLong millis) {
        return new ItemIds(() -> Instant.ofEpochMilli(millis.get()), new SplittableRandom(SEED));
    }

    @Test
    void idsSortByTheirTime() {
        var millis = new AtomicLong();
        var ids = at(millis);
        var made = new ArrayList<String>();
        for (var time :
                List.of(
                        0L,
                        1L,
                        31L,
                        32L,
                        1023L,
                        1024L,
                        999_999_999_999L,
                        1_795_516_800_000L,
                        1_795_516_800_001L,
                        253_402_300_799_999L >> 3)) {
            millis.set(time);
            made.add(ids.get().value());
        }

        assertThat(made).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void aHundredThousandIdsOfOneMillisecondAreUnique() {
        var ids = at(new AtomicLong(1_795_516_800_000L));
        var seen = new HashSet<ItemId>();
        for (var i = 0; i < 100_000; i++) {
            assertThat(seen.add(ids.get())).as("seed %d, id %d", SEED, i).isTrue();
        }
    }

    @Test
    void idsHaveTwentyCharactersWithoutThoseThatLookLikeDigits() {
        var ids = new ItemIds(InstantSource.system(), new SplittableRandom(SEED));
        for (var i = 0; i < 1_000; i++) {
            assertThat(ids.get().value()).matches("[0-9a-hjkmnp-tv-z]{20}").doesNotContain("u");
        }
    }

    @Test
    void idsOfOneMomentShareTheirFirstNineCharactersOnly() {
        var ids = at(new AtomicLong(1_795_516_800_000L));
        var first = ids.get().value();
        var second = ids.get().value();

        assertThat(first.substring(0, 9)).isEqualTo(second.substring(0, 9));
        assertThat(first.substring(9)).isNotEqualTo(second.substring(9));
    }

    @Test
    void charactersAreTheLowBitsHighestFirst() {
        assertThat(ItemIds.characters(0, 3)).isEqualTo("000");
        assertThat(ItemIds.characters(31, 2)).isEqualTo("0z");
        assertThat(ItemIds.characters(32, 2)).isEqualTo("10");
        assertThat(ItemIds.characters(-1, 12)).isEqualTo("z".repeat(12));
    }
}
