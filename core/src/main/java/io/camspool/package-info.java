/// The front door ([Camspool], [SpoolReader]) and the immutable values that go through it. Knows of
/// the machinery only its engine.
@NullMarked
package io.camspool;

import org.jspecify.annotations.NullMarked;
