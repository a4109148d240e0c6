package io.camspool.internal.sink.http;

import io.camspool.sink.Outcome;

/// A request can't be made or was not answered: what that counts as.
final class FaultException extends Exception {
    private static final long serialVersionUID = 1;

    private final transient Outcome outcome;

    FaultException(Outcome outcome) {
        super(outcome.toString(), null, false, false);
        this.outcome = outcome;
    }

    Outcome outcome() {
        return outcome;
    }

    static FaultException ofSink(String cause) {
        return new FaultException(new Outcome.SinkFault(cause));
    }

    static FaultException ofNetwork(String cause) {
        return new FaultException(new Outcome.NetworkFault(cause));
    }
}
