/// The routes of the HTTP API, as `openapi.yaml` beside this package says. Each class is one group
/// of paths; what a request asks for is read here, what is answered stands in `agent.json`, and
/// what goes wrong is thrown and becomes a problem in `agent.http`.
@NullMarked
package io.camspool.agent.api;

import org.jspecify.annotations.NullMarked;
