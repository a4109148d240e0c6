package io.camspool.agent.http;

/// What a problem is, once and for all: programs branch on it, so none is ever renamed.
public enum ProblemType {
    BAD_REQUEST("bad-request", 400, "The request can't be read"),
    INVALID("invalid", 400, "A value is not allowed"),
    BAD_BODY("bad-body", 400, "The body is not what its header says"),
    UNAUTHORIZED("unauthorized", 401, "A token is needed"),
    CROSS_SITE("cross-site", 403, "Another site's pages may not change anything here"),
    NOT_FOUND("not-found", 404, "Not here"),
    METHOD_NOT_ALLOWED("method-not-allowed", 405, "The method is not allowed here"),
    CONFLICT("conflict", 409, "Another item has this id"),
    UNDELIVERED("undelivered", 409, "It is undelivered"),
    BEING_SENT("being-sent", 409, "It is being sent"),
    TOO_LARGE("too-large", 413, "The body is too large"),
    LINE_TOO_LONG("line-too-long", 414, "The request line is too long"),
    ENCODING_NOT_ALLOWED("encoding-not-allowed", 415, "The body must not be encoded"),
    MEDIA_TYPE_NOT_ALLOWED("media-type-not-allowed", 415, "The media type is not allowed here"),
    NO_IMAGE("no-image", 415, "It is no image that can be shown"),
    RANGE_NOT_SATISFIABLE("range-not-satisfiable", 416, "The range lies outside"),
    WRONG_HOST("wrong-host", 421, "This server does not go by that name"),
    UNREADABLE("unreadable", 422, "The content is not what its media type says"),
    INTAKE_FULL("intake-full", 429, "The intake is full"),
    HEADER_TOO_LARGE("header-too-large", 431, "The header is too large"),
    INTERNAL("internal", 500, "The agent failed"),
    STORAGE("storage", 500, "A disk operation failed"),
    DAMAGED("damaged", 500, "What is stored is not what was accepted"),
    UNSUPPORTED_TRANSFER("unsupported-transfer", 501, "The transfer encoding is not supported"),
    BUSY("busy", 503, "Too many requests at a time"),
    CLOSED("closed", 503, "The spool is closed"),
    UNKNOWN_OUTCOME("unknown-outcome", 503, "It may or may not be stored"),
    TIMEOUT("timeout", 503, "Not done in time"),
    VERSION_NOT_SUPPORTED("version-not-supported", 505, "HTTP/1.1 is needed"),
    DISK_FULL("disk-full", 507, "The disk is full");

    private final String name;
    private final int status;
    private final String title;

    ProblemType(String name, int status, String title) {
        this.name = name;
        this.status = status;
        this.title = title;
    }

    /// A relative reference.
    public String uri() {
        return "/problems/" + name;
    }

    public int status() {
        return status;
    }

    public String title() {
        return title;
    }
}
