/// The HTTP sink: requests from templates, who asks and signs, one exchange with its timeouts, and
/// what an answer counts as. `HttpSink` ties them together; it tries once and never retries, but
/// for a token that is refused.
@NullMarked
package io.camspool.internal.sink.http;

import org.jspecify.annotations.NullMarked;
