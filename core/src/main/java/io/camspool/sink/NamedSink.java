package io.camspool.sink;

import io.camspool.CamspoolException;

/// A sink under its stable id: the backlog belongs to the id, so that changed settings orphan
/// nothing.
///
/// @param id 1 to 64 of lower-case letters, digits and `-`
/// @param required whether items may be removed only after it has confirmed them
public record NamedSink(String id, boolean required, Sink sink) {
    public NamedSink {
        if (!id.matches("[a-z0-9-]{1,64}")) {
            throw CamspoolException.invalid("sink", id, "1 to 64 of a-z, 0-9 and -");
        }
    }
}
