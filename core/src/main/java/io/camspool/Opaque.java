package io.camspool;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/// A file of any media type, a clip mostly, kept byte for byte and never looked into. It is
/// streamed: `save` returns when the file has been copied, and needs no more memory for a large
/// one.
///
/// @param file read by `save`, and the caller's again when that has returned
/// @param mediaType as `video/mp4`: at most 127 characters, without parameters; in lower case
/// @param linked see [#asLinked]
/// @param sha256 what the caller knows of it, 64 hexadecimal digits in lower case: another content
///   is refused. Spares a repeat under an id of the caller's one reading
public record Opaque(Path file, String mediaType, boolean linked, Optional<String> sha256)
        implements Content {
    private static final int MAX_MEDIA_TYPE = 127;

    /// The names that RFC 6838 allows.
    private static final String NAME = "[a-z0-9][a-z0-9!#$&^_.+-]*";

    /// What a file is read by: large enough that the disk streams, and that not too many wait with
    /// an open file each for the rest of their way.
    private static final int STREAMED_BYTES = 256 * 1024;

    public Opaque {
        var given = mediaType;
        mediaType = mediaType.toLowerCase(Locale.ROOT);
        if (mediaType.length() > MAX_MEDIA_TYPE || !mediaType.matches(NAME + "/" + NAME)) {
            throw CamspoolException.invalid(
                    "media type",
                    given,
                    "a type as video/mp4 of at most " + MAX_MEDIA_TYPE + " characters");
        }
        sha256.ifPresent(
                hash -> {
                    if (!hash.matches("[0-9a-f]{64}")) {
                        throw CamspoolException.invalid(
                                "sha256", hash, "64 hexadecimal digits in lower case");
                    }
                });
    }

    public static Opaque of(Path file, String mediaType) {
        return new Opaque(file, mediaType, false, Optional.empty());
    }

    /// Shares the file instead of copying it, by a hard link, where the file system allows it: from
    /// then on nobody may write into it. Its other name stays, and may be removed.
    public Opaque asLinked() {
        return new Opaque(file, mediaType, true, sha256);
    }

    public Opaque withSha256(String hash) {
        return new Opaque(file, mediaType, linked, Optional.of(hash));
    }

    /// The memory that the file is streamed through, whatever its size.
    @Override
    public long bytes() {
        return STREAMED_BYTES;
    }
}
