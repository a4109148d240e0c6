package io.camspool.internal.sink.http;

import io.camspool.internal.sink.http.Json.Value;
import io.camspool.internal.sink.http.Request.Header;
import java.util.List;
import java.util.function.Function;

/// A request before it says who asks.
///
/// @param fields what the placeholders of the address give
record Draft(
        String method,
        Template url,
        Function<String, Value> fields,
        List<Header> headers,
        RequestBody body) {}
