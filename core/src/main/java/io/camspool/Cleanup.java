package io.camspool;

import java.time.Duration;
import java.util.Optional;

/// What [Camspool#cleanup] may remove: items that are old by their own time and by the time of
/// their acceptance. The second keeps an item whose own time is wrong; an item that was accepted
/// while the clock stood before 1980 is old once an item accepted after it is. The present time is
/// taken from the clock as it stands: to one that is years ahead, everything is old.
///
/// @param age how old at least, up to 100 years; zero: whatever is held
/// @param undelivered KEEP: only what every required sink has confirmed; without a required sink
///   that is nothing. DROP: the rest too, as a loss that is counted, logged and recorded
/// @param kind only captures, or only alerts
/// @param camera only of this camera
/// @param dryRun change nothing, and count what would go
public record Cleanup(
        Duration age,
        Undelivered undelivered,
        Optional<ItemKind> kind,
        Optional<String> camera,
        boolean dryRun) {
    private static final Duration LONGEST = Duration.ofDays(36_500);

    public Cleanup {
        if (age.isNegative() || age.compareTo(LONGEST) > 0) {
            throw CamspoolException.invalid("older than", age, "0 to 100 years");
        }
    }

    /// Everything delivered that is as old as this.
    public static Cleanup olderThan(Duration age) {
        return new Cleanup(age, Undelivered.KEEP, Optional.empty(), Optional.empty(), false);
    }

    public Cleanup withUndelivered(Undelivered policy) {
        return new Cleanup(age, policy, kind, camera, dryRun);
    }

    public Cleanup ofKind(ItemKind only) {
        return new Cleanup(age, undelivered, Optional.of(only), camera, dryRun);
    }

    public Cleanup ofCamera(String name) {
        return new Cleanup(age, undelivered, kind, Optional.of(name), dryRun);
    }

    public Cleanup asDryRun() {
        return new Cleanup(age, undelivered, kind, camera, true);
    }
}
