package io.camspool.sink;

import com.fasterxml.jackson.core.JsonPointer;
import io.camspool.CamspoolException;
import java.util.List;
import java.util.Optional;

/// Tells an answer by its status and a field of its JSON.
///
/// @param status `200`, `2xx`, several of these with commas, or `*`
/// @param json JSON pointer (RFC 6901) to the field; empty: the status alone tells
/// @param in what the field may be, as text: `0` stands for the number and for the string
public record AnswerRule(String status, Optional<String> json, List<String> in) {
    public AnswerRule {
        in = List.copyOf(in);
        if (!status.matches("\\*|[1-5](xx|\\d\\d)(,[1-5](xx|\\d\\d))*")) {
            throw CamspoolException.invalid(
                    "answer status", status, "200, 2xx, several with commas, or *");
        }
        if (json.isPresent() == in.isEmpty()) {
            throw CamspoolException.invalid(
                    "answer in", in, "the allowed values of the field that json points to");
        }
        json.ifPresent(AnswerRule::checkPointer);
    }

    /// The status alone tells.
    public static AnswerRule of(String status) {
        return new AnswerRule(status, Optional.empty(), List.of());
    }

    /// The field at this pointer has one of these values.
    public static AnswerRule of(String status, String json, String... in) {
        return new AnswerRule(status, Optional.of(json), List.of(in));
    }

    /// Whether this status is one of the rule's.
    public boolean matchesStatus(int answered) {
        if (status.equals("*")) {
            return true;
        }
        for (var pattern : status.split(",", -1)) {
            if (pattern.equals(String.valueOf(answered)) || pattern.equals(answered / 100 + "xx")) {
                return true;
            }
        }
        return false;
    }

    static void checkPointer(String pointer) {
        if (!pointer.startsWith("/")) {
            throw CamspoolException.invalid("answer json", pointer, "a JSON pointer as /code");
        }
        var _ = JsonPointer.compile(pointer);
    }
}
