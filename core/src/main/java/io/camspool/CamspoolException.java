package io.camspool;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import org.jspecify.annotations.Nullable;

/// Something that Camspool could not do. The message names the subject, the problem and what to do;
/// [#reason] is stable and is what programs should branch on.
public final class CamspoolException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /// Longest part of a caller's value that a message repeats, in characters.
    private static final int QUOTED = 60;

    /// Why it failed. Nothing of the input was stored, but for [#UNKNOWN_OUTCOME].
    public enum Reason {
        /// The input is not acceptable; repeating it changes nothing.
        INVALID,
        /// Another item has the id that the caller gave this one.
        CONFLICT,
        /// The intake stayed full until the deadline; a later try may pass.
        INTAKE_FULL,
        /// Another process (or this one) owns the data folder.
        LOCKED,
        /// What was asked for is not held here.
        NOT_FOUND,
        /// The data folder is of a format that this version can't read.
        FORMAT,
        /// A disk or file operation failed.
        STORAGE,
        /// What is stored is not what was accepted: its hash differs, or its file is gone.
        DAMAGED,
        /// The commit failed midway: the item may or may not be stored.
        UNKNOWN_OUTCOME,
        /// The spool is closed or closing.
        CLOSED,
        /// Not stored or not done within the caller's limit; it may still happen.
        TIMEOUT
    }

    private final Reason reason;

    public CamspoolException(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    public CamspoolException(Reason reason, String message) {
        this(reason, message, null);
    }

    public Reason reason() {
        return reason;
    }

    /// A refused input: names the field, the value and what is allowed.
    public static CamspoolException invalid(String field, @Nullable Object value, String allowed) {
        return new CamspoolException(
                Reason.INVALID,
                "%s: %s is not allowed; allowed: %s".formatted(field, quoted(value), allowed));
    }

    /// A failed disk or file operation.
    public static CamspoolException storage(
            String operation, Object subject, Throwable cause, String hint) {
        var why = causeInWords(cause);
        var name = subject + ": ";
        return new CamspoolException(
                Reason.STORAGE,
                "cannot %s %s: %s; %s"
                        .formatted(
                                operation,
                                subject,
                                why.startsWith(name) ? why.substring(name.length()) : why,
                                hint),
                cause);
    }

    /// What went wrong, for people: files by their names, not exceptions by theirs.
    public static String causeInWords(Throwable cause) {
        return switch (cause) {
            case NoSuchFileException missing -> missing.getFile() + ": no such file or folder";
            case AccessDeniedException denied -> denied.getFile() + ": permission denied";
            case NotDirectoryException other -> other.getFile() + ": not a folder";
            case FileAlreadyExistsException there -> there.getFile() + ": it exists already";
            case CamspoolException known -> String.valueOf(known.getMessage());
            case RuntimeException _, Error _ -> cause.toString();
            default -> cause.getMessage() == null ? cause.toString() : cause.getMessage();
        };
    }

    private static String quoted(@Nullable Object value) {
        var text = String.valueOf(value);
        var shown =
                text.codePointCount(0, text.length()) <= QUOTED
                        ? text
                        : text.substring(0, text.offsetByCodePoints(0, QUOTED)) + "…";
        return value instanceof Number ? shown : "\"" + shown + "\"";
    }
}
