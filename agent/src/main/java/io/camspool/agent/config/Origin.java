package io.camspool.agent.config;

/// Where a value comes from.
///
/// @param where how people find it: `--data`, `CAMSPOOL_DATA`, `camspool.yaml:3`, `default`
public record Origin(Source source, String where) {
    public enum Source {
        FLAG,
        ENVIRONMENT,
        FILE,
        DEFAULT
    }

    static final Origin DEFAULT = new Origin(Source.DEFAULT, "default");

    static Origin flag(String flag) {
        return new Origin(Source.FLAG, flag);
    }

    static Origin variable(String name) {
        return new Origin(Source.ENVIRONMENT, name);
    }
}
