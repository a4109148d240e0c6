/// What an image codec implements. The library has one on the JDK's ImageIO; faster ones are found
/// by [java.util.ServiceLoader].
@NullMarked
package io.camspool.image;

import org.jspecify.annotations.NullMarked;
