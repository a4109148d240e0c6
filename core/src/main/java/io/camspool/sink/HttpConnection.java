package io.camspool.sink;

import io.camspool.CamspoolException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// How the receiver is reached. Files are read when the first request is made.
///
/// @param connectTimeout until connected, 10 ms to 10 minutes
/// @param answerTimeout from the end of the body to the end of the answer, 10 ms to 10 minutes
/// @param stallTimeout an upload that gets less than 1 kB on in this time is given up
/// @param proxy between here and the receiver
/// @param ca PEM file of the certificates to trust instead of the machine's
/// @param certificate what this box shows of itself
public record HttpConnection(
        Duration connectTimeout,
        Duration answerTimeout,
        Duration stallTimeout,
        Optional<Proxy> proxy,
        Optional<Path> ca,
        Optional<ClientCertificate> certificate) {
    private static final Duration SHORTEST = Duration.ofMillis(10);
    private static final Duration LONGEST = Duration.ofMinutes(10);

    public static final HttpConnection DEFAULTS =
            new HttpConnection(
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(30),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());

    /// An HTTP proxy.
    ///
    /// @param access of the proxy; by [HttpAccess.Basic] or none. The JDK keeps a password from the
    ///   proxy of an `https` address unless it runs with
    ///   `-Djdk.http.auth.tunneling.disabledSchemes=`
    public record Proxy(String host, int port, Optional<HttpAccess.Basic> access) {
        public Proxy {
            if (host.isBlank() || port < 1 || port > 65_535) {
                throw CamspoolException.invalid("http.proxy", host + ":" + port, "host:port");
            }
        }
    }

    /// A certificate and its private key.
    ///
    /// @param file PKCS #12 (`.p12`, `.pfx`), or PEM with the certificates and an unencrypted PKCS
    ///   #8 key
    /// @param password of a PKCS #12 file
    public record ClientCertificate(Path file, Optional<Secret> password) {}

    public HttpConnection {
        check("http.connect-timeout", connectTimeout);
        check("http.answer-timeout", answerTimeout);
        check("http.stall-timeout", stallTimeout);
    }

    private static void check(String field, Duration timeout) {
        if (timeout.compareTo(SHORTEST) < 0 || timeout.compareTo(LONGEST) > 0) {
            throw CamspoolException.invalid(field, timeout, "10 ms to 10 minutes");
        }
    }

    public HttpConnection withTimeouts(Duration connect, Duration answer, Duration stall) {
        return new HttpConnection(connect, answer, stall, proxy, ca, certificate);
    }

    public HttpConnection withProxy(Proxy between) {
        return new HttpConnection(
                connectTimeout, answerTimeout, stallTimeout, Optional.of(between), ca, certificate);
    }

    public HttpConnection withCa(Path pem) {
        return new HttpConnection(
                connectTimeout, answerTimeout, stallTimeout, proxy, Optional.of(pem), certificate);
    }

    public HttpConnection withCertificate(ClientCertificate own) {
        return new HttpConnection(
                connectTimeout, answerTimeout, stallTimeout, proxy, ca, Optional.of(own));
    }
}
