package io.camspool.internal.archive;

import java.util.Map;

/// How the names of files end, by media type.
public final class Extensions {
    private static final String UNKNOWN = ".bin";

    private static final Map<String, String> BY_MEDIA_TYPE =
            Map.ofEntries(
                    Map.entry("image/jpeg", ".jpg"),
                    Map.entry("image/png", ".png"),
                    Map.entry("image/bmp", ".bmp"),
                    Map.entry("image/gif", ".gif"),
                    Map.entry("image/heic", ".heic"),
                    Map.entry("image/tiff", ".tif"),
                    Map.entry("image/webp", ".webp"),
                    Map.entry("video/mp4", ".mp4"),
                    Map.entry("video/mp2t", ".ts"),
                    Map.entry("video/quicktime", ".mov"),
                    Map.entry("video/webm", ".webm"),
                    Map.entry("video/x-matroska", ".mkv"),
                    Map.entry("video/x-msvideo", ".avi"),
                    Map.entry("video/h264", ".h264"),
                    Map.entry("video/h265", ".h265"),
                    Map.entry("audio/mpeg", ".mp3"),
                    Map.entry("audio/mp4", ".m4a"),
                    Map.entry("audio/ogg", ".ogg"),
                    Map.entry("audio/wav", ".wav"),
                    Map.entry("application/json", ".json"),
                    Map.entry("application/pdf", ".pdf"),
                    Map.entry("application/zip", ".zip"),
                    Map.entry("text/csv", ".csv"),
                    Map.entry("text/plain", ".txt"));

    private Extensions() {}

    /// `.mp4`; `.bin` where nothing better is known.
    public static String of(String mediaType) {
        return BY_MEDIA_TYPE.getOrDefault(mediaType, UNKNOWN);
    }
}
