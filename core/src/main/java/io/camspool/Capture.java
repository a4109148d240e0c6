package io.camspool;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// One image or file of one camera, as handed to [Camspool#save(Capture)].
///
/// @param camera name of the camera: any text of 1 to 1,024 characters
/// @param content the picture or file
/// @param alertId the caller's name of the alert it belongs to; may repeat
/// @param time when it was taken; empty: when it is accepted. Kept to the millisecond
/// @param labels at most 32 names (64 characters) with values (1,024 characters), together at most
///   16,384 bytes in UTF-8
/// @param priority 0 (least) to 9
/// @param images what an image must fit; empty: the spool's own policy
/// @param id makes a repeat harmless, see [#withId]; empty: the spool gives it one
/// @param deliveredBefore see [#asDeliveredBefore]
public record Capture(
        String camera,
        Content content,
        Optional<String> alertId,
        Optional<Instant> time,
        Map<String, String> labels,
        int priority,
        Optional<ImagePolicy> images,
        Optional<ItemId> id,
        boolean deliveredBefore) {
    public static final int DEFAULT_PRIORITY = 5;

    public Capture {
        Labels.name("camera", camera);
        alertId.ifPresent(name -> Labels.name("alert", name));
        time.ifPresent(Times::checked);
        labels = Labels.checked(labels);
        Labels.priority(priority);
    }

    public static Capture of(String camera, Content content) {
        return new Capture(
                camera,
                content,
                Optional.empty(),
                Optional.empty(),
                Map.of(),
                DEFAULT_PRIORITY,
                Optional.empty(),
                Optional.empty(),
                false);
    }

    public Capture withAlert(String name) {
        return new Capture(
                camera,
                content,
                Optional.of(name),
                time,
                labels,
                priority,
                images,
                id,
                deliveredBefore);
    }

    public Capture at(Instant taken) {
        return new Capture(
                camera,
                content,
                alertId,
                Optional.of(taken),
                labels,
                priority,
                images,
                id,
                deliveredBefore);
    }

    public Capture withLabel(String name, String value) {
        var all = new HashMap<>(labels);
        all.put(name, value);
        return new Capture(
                camera, content, alertId, time, all, priority, images, id, deliveredBefore);
    }

    public Capture withPriority(int newPriority) {
        return new Capture(
                camera, content, alertId, time, labels, newPriority, images, id, deliveredBefore);
    }

    public Capture withImages(ImagePolicy policy) {
        return new Capture(
                camera,
                content,
                alertId,
                time,
                labels,
                priority,
                Optional.of(policy),
                id,
                deliveredBefore);
    }

    public Capture withContent(Content other) {
        return new Capture(
                camera, other, alertId, time, labels, priority, images, id, deliveredBefore);
    }

    /// Saved again under this id, the same content is the same item: the receipt is that of the
    /// first, also when the item has been delivered and removed less than 30 days ago. Other
    /// content under the id is refused with reason CONFLICT. Only the content is compared: camera,
    /// alert, time and labels of the first time stand.
    public Capture withId(String own) {
        return new Capture(
                camera,
                content,
                alertId,
                time,
                labels,
                priority,
                images,
                Optional.of(new ItemId(own)),
                deliveredBefore);
    }

    /// It was delivered by other means before it came here: it is held, and owed to no sink,
    /// whether configured now or later. It may be removed as one that all have confirmed.
    public Capture asDeliveredBefore() {
        return new Capture(camera, content, alertId, time, labels, priority, images, id, true);
    }
}
