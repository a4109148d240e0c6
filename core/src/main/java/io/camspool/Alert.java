package io.camspool;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// One JSON event, as handed to [Camspool#save(Alert)]. Its JSON is kept and delivered byte for
/// byte.
///
/// The array stays the caller's: it is copied by `save` and may be reused when `save` has returned.
///
/// @param json one JSON object in UTF-8; size and depth are limited by [CamspoolConfig]
/// @param alertId the caller's name of this alert; may repeat; captures with the same one belong to
///   it
/// @param camera the camera it comes from
/// @param time when it happened; empty: when it is accepted. Kept to the millisecond
/// @param labels as in [Capture]
/// @param priority 0 (least) to 9
/// @param id makes a repeat harmless, see [#withId]; empty: the spool gives it one
/// @param deliveredBefore see [#asDeliveredBefore]
@SuppressWarnings(
        "ArrayRecordComponent") // bytes in, never compared: a copy per accessor would cost each
// save
public record Alert(
        byte[] json,
        Optional<String> alertId,
        Optional<String> camera,
        Optional<Instant> time,
        Map<String, String> labels,
        int priority,
        Optional<ItemId> id,
        boolean deliveredBefore) {
    public Alert {
        alertId.ifPresent(name -> Labels.name("alert", name));
        camera.ifPresent(name -> Labels.name("camera", name));
        time.ifPresent(Times::checked);
        labels = Labels.checked(labels);
        Labels.priority(priority);
    }

    public static Alert of(byte[] json) {
        return new Alert(
                json,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Map.of(),
                Capture.DEFAULT_PRIORITY,
                Optional.empty(),
                false);
    }

    public static Alert of(String json) {
        return of(json.getBytes(StandardCharsets.UTF_8));
    }

    public Alert withAlert(String name) {
        return new Alert(
                json, Optional.of(name), camera, time, labels, priority, id, deliveredBefore);
    }

    public Alert withCamera(String name) {
        return new Alert(
                json, alertId, Optional.of(name), time, labels, priority, id, deliveredBefore);
    }

    public Alert at(Instant happened) {
        return new Alert(
                json,
                alertId,
                camera,
                Optional.of(happened),
                labels,
                priority,
                id,
                deliveredBefore);
    }

    public Alert withLabel(String name, String value) {
        var all = new HashMap<>(labels);
        all.put(name, value);
        return new Alert(json, alertId, camera, time, all, priority, id, deliveredBefore);
    }

    public Alert withPriority(int newPriority) {
        return new Alert(json, alertId, camera, time, labels, newPriority, id, deliveredBefore);
    }

    public Alert withJson(byte[] other) {
        return new Alert(other, alertId, camera, time, labels, priority, id, deliveredBefore);
    }

    /// As [Capture#withId]. Captures that are saved with the alert and have no id of their own get
    /// ids that follow from this one and their order.
    public Alert withId(String own) {
        return new Alert(
                json,
                alertId,
                camera,
                time,
                labels,
                priority,
                Optional.of(new ItemId(own)),
                deliveredBefore);
    }

    /// As [Capture#asDeliveredBefore].
    public Alert asDeliveredBefore() {
        return new Alert(json, alertId, camera, time, labels, priority, id, true);
    }
}
