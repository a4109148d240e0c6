package io.camspool;

import java.util.Locale;

/// The image formats that are kept.
public enum ImageFormat {
    JPEG("image/jpeg", ".jpg"),
    PNG("image/png", ".png");

    private final String mediaType;
    private final String extension;

    ImageFormat(String mediaType, String extension) {
        this.mediaType = mediaType;
        this.extension = extension;
    }

    public String mediaType() {
        return mediaType;
    }

    public String extension() {
        return extension;
    }

    /// The format of a name or extension: `jpg`, `.jpg`, `jpeg` or `png`, in any case.
    public static ImageFormat of(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "jpg", ".jpg", "jpeg", ".jpeg" -> JPEG;
            case "png", ".png" -> PNG;
            default -> throw CamspoolException.invalid("format", name, "jpg, png");
        };
    }
}
