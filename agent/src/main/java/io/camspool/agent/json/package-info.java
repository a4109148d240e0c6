/// What the commands print and the HTTP API answers as JSON: the same fields for the same things.
@NullMarked
package io.camspool.agent.json;

import org.jspecify.annotations.NullMarked;
