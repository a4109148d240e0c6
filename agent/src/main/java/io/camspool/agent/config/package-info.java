/// The configuration: flags, environment and file over the defaults, read into one record
/// ([AgentConfig]) or refused whole, with every problem and where it stands. [ConfigSources] is the
/// way in, [Keys] the table that all of it goes by; docs/configuration.md is tested against it. It
/// opens no spool and starts nothing.
@NullMarked
package io.camspool.agent.config;

import org.jspecify.annotations.NullMarked;
