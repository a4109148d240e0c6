package io.camspool.sink;

import io.camspool.CamspoolException;

/// A password, token or key. Only its receiver sees it: all that prints it prints `***`.
public record Secret(String value) {
    public Secret {
        if (value.isBlank()) {
            throw CamspoolException.invalid("secret", "", "not blank");
        }
    }

    @Override
    public String toString() {
        return "***";
    }
}
