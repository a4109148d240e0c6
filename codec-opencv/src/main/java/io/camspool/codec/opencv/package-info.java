/// The image codec on OpenCV, found by [java.util.ServiceLoader]. It is the only code that calls
/// natives for images, and knows nothing of how images are kept.
@NullMarked
package io.camspool.codec.opencv;

import org.jspecify.annotations.NullMarked;
