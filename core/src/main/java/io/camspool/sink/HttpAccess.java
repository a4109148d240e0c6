package io.camspool.sink;

import io.camspool.CamspoolException;
import java.nio.file.Path;
import java.util.List;

/// How a receiver is shown who asks.
public sealed interface HttpAccess {
    record None() implements HttpAccess {}

    /// `Authorization: Bearer ...`.
    record Bearer(Secret token) implements HttpAccess {}

    /// As [Bearer]; the file is read again when its token is refused (401).
    record BearerFile(Path file) implements HttpAccess {}

    /// `Authorization: Basic ...`.
    record Basic(String user, Secret password) implements HttpAccess {
        public Basic {
            if (user.isEmpty() || user.contains(":")) {
                throw CamspoolException.invalid("http.basic.user", user, "not empty, without :");
            }
        }
    }

    /// A POST that gives a token. It is made again, once for all requests under way, when a request
    /// is refused by 401 or by a rule.
    ///
    /// @param url where to
    /// @param body template of its JSON, with `${username}` and `${password}`
    /// @param token JSON pointer to the token in the answer
    /// @param header that carries the token
    /// @param value template of the header, with `${token}`
    /// @param expired answers, besides a 401, that say that the token holds no longer
    record SignIn(
            String url,
            String body,
            String username,
            Secret password,
            String token,
            String header,
            String value,
            List<AnswerRule> expired)
            implements HttpAccess {
        public SignIn {
            HttpSettings.checkUrl("http.sign-in.url", url);
            HttpSettings.checkHeader("http.sign-in.header", header);
            if (!token.startsWith("/")) {
                throw CamspoolException.invalid(
                        "http.sign-in.token", token, "a JSON pointer as /data/token");
            }
            expired = List.copyOf(expired);
        }

        /// The token goes as `Authorization: Bearer ...`.
        public static SignIn at(String url, String username, Secret password, String token) {
            return new SignIn(
                    url,
                    "{\"username\":${username},\"password\":${password}}",
                    username,
                    password,
                    token,
                    "Authorization",
                    "Bearer ${token}",
                    List.of());
        }

        public SignIn withBody(String template) {
            return new SignIn(url, template, username, password, token, header, value, expired);
        }

        public SignIn withHeader(String name, String template) {
            return new SignIn(url, body, username, password, token, name, template, expired);
        }

        public SignIn withExpired(AnswerRule... rules) {
            return new SignIn(url, body, username, password, token, header, value, List.of(rules));
        }

        /// Without address and templates, which may hold keys.
        @Override
        public String toString() {
            return "SignIn[username=%s, password=%s, token=%s, header=%s]"
                    .formatted(username, password, token, header);
        }
    }
}
