package io.camspool.agent.demo;

import io.camspool.Alert;
import io.camspool.Camspool;
import io.camspool.CamspoolException;
import io.camspool.CamspoolException.Reason;
import io.camspool.Capture;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Saves what one camera sees at its rate until it is switched off; now and then an alert with its
/// pictures. Confined to one thread.
final class Producer implements Callable<Long> {
    /// Of all pictures of all cameras, about one a second.
    private static final double ALERT_SHARE = 0.1;

    private final Camera camera;
    private final Camspool spool;
    private final Receipts receipts;
    private final CountDownLatch off;
    private final Random random;
    private long saves;
    private int alerts;

    Producer(Camera camera, Camspool spool, Receipts receipts, CountDownLatch off, long seed) {
        this.camera = camera;
        this.spool = spool;
        this.receipts = receipts;
        this.off = off;
        this.random = new Random(seed);
    }

    /// Returns the number of saves that were tried. A picture that comes late shortens the next
    /// pause; missed ones are not made up for, as with a real camera.
    @Override
    public Long call() throws InterruptedException {
        var period = (long) (TimeUnit.SECONDS.toNanos(1) / camera.picturesPerSecond());
        var next = System.nanoTime() + random.nextLong(period);
        while (!off.await(next - System.nanoTime(), TimeUnit.NANOSECONDS)) {
            saveOnce();
            next = Math.max(next + period, System.nanoTime());
        }
        return saves;
    }

    private void saveOnce() {
        saves++;
        if (random.nextDouble() < ALERT_SHARE) {
            saveAlert();
        } else {
            saveCapture();
        }
    }

    private void saveCapture() {
        try {
            var receipt = spool.save(Capture.of(camera.name(), camera.picture()));
            receipts.acceptedCapture(camera.name(), receipt);
        } catch (CamspoolException e) {
            countRefused(e, 1);
        }
    }

    private void saveAlert() {
        alerts++;
        var number = camera.name() + "-alert-" + alerts;
        var json =
                "{\"event\":\"motion\",\"number\":%d,\"score\":%d}"
                        .formatted(alerts, 50 + random.nextInt(50));
        var alert = Alert.of(json).withAlert(number).withCamera(camera.name());
        var captures =
                camera.alertPictures().stream()
                        .map(picture -> Capture.of(camera.name(), picture))
                        .toList();
        try {
            var all = spool.save(alert, captures);
            receipts.acceptedAlert(all.getFirst());
            for (var receipt : all.subList(1, all.size())) {
                receipts.acceptedCapture(camera.name(), receipt);
            }
        } catch (CamspoolException e) {
            countRefused(e, 1 + captures.size());
        }
    }

    private void countRefused(CamspoolException refusal, int items) {
        if (refusal.reason() != Reason.INTAKE_FULL) {
            throw refusal;
        }
        receipts.refused(items);
    }
}
