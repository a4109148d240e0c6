package io.camspool.crash;

import io.camspool.crash.Operation.Write;
import java.util.BitSet;
import java.util.random.RandomGenerator;

/// What a power cut leaves of one operation.
///
/// @param kept a name: it is changed; a resize: it has happened; a write: some of its bytes are
///   there
/// @param sizeKept of a write: the file has grown
/// @param lost of a write that is kept: the sectors that are not there, counted from its first
record Survival(boolean kept, boolean sizeKept, BitSet lost) {
    /// What a disk writes as a whole.
    static final int SECTOR_BYTES = 512;

    private static final BitSet NONE = new BitSet();

    static final Survival WHOLE = new Survival(true, true, NONE);
    static final Survival NOTHING = new Survival(false, false, NONE);

    /// Of a write only the size.
    static final Survival SIZE_ONLY = new Survival(false, true, NONE);

    /// Loses the end, the beginning, or any sectors of a write, and perhaps the growth of the file.
    static Survival torn(Write write, RandomGenerator random) {
        var sectors = sectorsOf(write);
        var lost = new BitSet(sectors);
        var border = random.nextInt(sectors + 1);
        switch (random.nextInt(3)) {
            case 0 -> lost.set(border, sectors);
            case 1 -> lost.set(0, border);
            default -> {
                for (var sector = 0; sector < sectors; sector++) {
                    lost.set(sector, random.nextBoolean());
                }
            }
        }
        return new Survival(true, random.nextInt(4) > 0, lost);
    }

    private static int sectorsOf(Write write) {
        return (int) ((write.end() - 1) / SECTOR_BYTES - write.offset() / SECTOR_BYTES) + 1;
    }
}
