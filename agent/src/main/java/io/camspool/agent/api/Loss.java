package io.camspool.agent.api;

/// Names a loss before it happens: nobody gives up more than was seen.
final class Loss {
    private Loss() {}

    static long items(RequestJson wanted) {
        return RequestJson.required(
                "items",
                wanted.number("items", 0, Long.MAX_VALUE),
                "how many items it must be, a whole number");
    }
}
