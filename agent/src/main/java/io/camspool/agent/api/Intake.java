package io.camspool.agent.api;

import io.camspool.Camspool;
import io.camspool.agent.json.ReceiptJson;

/// The routes that things are handed in by, and what they share.
record Intake(CapturesIntake captures, AlertsIntake alerts) {
    /// Removes what an earlier run has left of uploads. For the owner of the data folder alone.
    static Intake open(Camspool spool, IntakeSettings settings, ReceiptJson shape) {
        var uploads = Uploads.open(settings.uploads(), settings.minFreeBytes());
        var bodies = new CaptureBodies(settings, uploads);
        var answers = new SavedAnswers(shape, settings.durableWait());
        return new Intake(
                new CapturesIntake(spool, bodies, answers),
                new AlertsIntake(spool, bodies, answers, settings));
    }
}
