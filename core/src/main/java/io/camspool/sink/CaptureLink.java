package io.camspool.sink;

import io.camspool.ItemId;
import java.util.Optional;

/// Where a capture that was saved with an alert goes.
///
/// @param key its key: the same at every sink
/// @param url its address at the sink that the alert waits for, where that sink has a `public-url`;
///   empty: none, or it isn't there
public record CaptureLink(ItemId id, String key, Optional<String> url) {}
