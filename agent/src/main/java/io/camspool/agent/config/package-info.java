/// The configuration file: read whole, checked whole, every problem named with its line.
@NullMarked
package io.camspool.agent.config;

import org.jspecify.annotations.NullMarked;
