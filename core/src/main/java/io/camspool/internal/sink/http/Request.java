package io.camspool.internal.sink.http;

import java.util.List;

/// All that goes over the wire. What it prints shows no secrets.
///
/// @param shownUrl the address without them
record Request(String method, String url, String shownUrl, List<Header> headers, RequestBody body) {
    /// @param shown the value without secrets
    record Header(String name, String value, String shown) {
        static Header of(String name, String value) {
            return new Header(name, value, value);
        }

        static Header secret(String name, String value, String shown) {
            return new Header(name, value, shown);
        }

        @Override
        public String toString() {
            return name + ": " + shown;
        }
    }

    @Override
    public String toString() {
        return method + " " + shownUrl;
    }
}
