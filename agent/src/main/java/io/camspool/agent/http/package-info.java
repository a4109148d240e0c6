/// The foundation of the HTTP server: listeners, limits, who may ask, bodies, errors. Knows nothing
/// of spools.
///
/// `HttpServer` starts Helidon on a TCP address, a Unix socket or both, alike. Each connection is a
/// `GuardedConnection`, which slow clients can't keep open. Each request passes the `Gate` (host,
/// origin, token, path, size) before it meets a route; what a route throws becomes a `Problem` in
/// `ProblemAnswers`; and what is left of its body is never taken for the next request.
@NullMarked
package io.camspool.agent.http;

import org.jspecify.annotations.NullMarked;
