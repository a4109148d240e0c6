package io.camspool.agent.http;

/// Why a client was refused or cut off. Its name in lower case is a value of a metric.
public enum Refusal {
    /// Not HTTP, or not as this server takes it.
    BAD_REQUEST,
    /// The header was not whole in time.
    SLOW_HEADER,
    /// No byte of the body, or too few, for too long.
    SLOW_BODY,
    /// The client did not take the answer.
    SLOW_READER,
    /// Header, line, chunk or body above its limit.
    TOO_LARGE,
    /// The body was cut short or is not what its header says.
    BAD_BODY,
    /// Too many requests at a time.
    BUSY,
    /// A host name that is not this server's.
    WRONG_HOST,
    /// A page of another site tried to change something.
    CROSS_SITE,
    /// No token, or a wrong one.
    UNAUTHORIZED,
    /// The client went away in the middle.
    GONE
}
