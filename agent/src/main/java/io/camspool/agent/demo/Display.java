package io.camspool.agent.demo;

/// Shows the run to a person. Confined to one thread.
interface Display {
    /// Called often; draws when there is something new to see.
    void show(Moment moment);

    /// Says what just happened, in words.
    void event(Moment moment, String words);

    /// Shows the last moment; nothing is drawn afterwards.
    void finish(Moment moment);
}
