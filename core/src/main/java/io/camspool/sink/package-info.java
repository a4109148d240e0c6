/// What a destination implements, and the destinations that come with the library.
@NullMarked
package io.camspool.sink;

import org.jspecify.annotations.NullMarked;
