package io.camspool.internal.engine;

import io.camspool.ItemId;
import java.time.InstantSource;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/// Makes ids of 20 characters: 9 of the time in milliseconds, so that they sort by age, and 11 at
/// random (55 bits), so that a clock that starts in 1970 again never makes one twice. Thread-safe
/// when its random source is.
final class ItemIds implements Supplier<ItemId> {
    /// Without letters that look like digits.
    private static final String ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";

    private static final int TIME_CHARACTERS = 9;
    private static final int RANDOM_CHARACTERS = 11;

    private final InstantSource clock;
    private final RandomGenerator random;

    ItemIds(InstantSource clock, RandomGenerator random) {
        this.clock = clock;
        this.random = random;
    }

    @Override
    public ItemId get() {
        return new ItemId(
                characters(clock.millis(), TIME_CHARACTERS)
                        + characters(random.nextLong(), RANDOM_CHARACTERS));
    }

    /// The low bits of a value, 5 a character, the highest first.
    static String characters(long value, int count) {
        var text = new StringBuilder(count);
        for (var i = count - 1; i >= 0; i--) {
            text.append(ALPHABET.charAt((int) (value >>> (5 * i)) & 31));
        }
        return text.toString();
    }
}
