package io.camspool.agent;

import picocli.CommandLine.Option;

/// Which of the two kinds; a group of options that exclude each other.
final class KindOption {
    @Option(names = "--captures", description = "captures only")
    boolean captures;

    @Option(names = "--alerts", description = "alerts only")
    boolean alerts;
}
