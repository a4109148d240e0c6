package io.camspool.internal.sink.http;

import io.camspool.internal.sink.http.Json.Value;
import io.camspool.internal.sink.http.Request.Header;
import io.camspool.sink.HttpSettings;
import io.camspool.sink.HttpSignature;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Makes a request of a draft: who asks, when, and the signature over it. Thread-safe.
final class Signer {
    /// What each request has: when it is made, a word used once, the token.
    static final Set<String> STAMPS = Set.of("nonce", "timestamp", "timestampMillis", "token");

    private static final Set<String> SIGNED =
            Set.of("body", "nonce", "secret", "timestamp", "timestampMillis", "token");
    private static final Pattern SECRET_QUERY =
            Pattern.compile(
                    "(?i)([?&][^=&]*(token|api_?key|access_?key|secret|sig|password)[^=&]*=)[^&]*");
    private static final String BODY = "\0";
    private static final int COPY_BYTES = 16 * 1024;

    private final Credentials credentials;
    private final InstantSource clock;
    private final Supplier<String> nonces;
    private final TreeMap<String, Template> headers = new TreeMap<>();
    private final Optional<Signature> signature;

    private record Signature(HttpSignature settings, Template template) {}

    Signer(
            HttpSettings settings,
            Credentials credentials,
            InstantSource clock,
            Supplier<String> nonces) {
        this.credentials = credentials;
        this.clock = clock;
        this.nonces = nonces;
        settings.headers()
                .forEach(
                        (name, value) ->
                                headers.put(
                                        name,
                                        new Template(
                                                "http.headers." + name,
                                                value,
                                                Template.Use.TEXT,
                                                STAMPS)));
        this.signature =
                settings.signature()
                        .map(
                                signed ->
                                        new Signature(
                                                signed,
                                                new Template(
                                                        "http.signature.template",
                                                        signed.template(),
                                                        Template.Use.TEXT,
                                                        SIGNED)));
    }

    Request sign(Draft draft, String token) throws FaultException {
        var stamps = stamps(token);
        var masked = with(stamps, "token", Credentials.MASK);
        var all = new ArrayList<>(draft.headers());
        all.addAll(credentials.headers(token));
        headers.forEach(
                (name, value) ->
                        all.add(Header.secret(name, value.fill(stamps), Credentials.MASK)));
        if (signature.isPresent()) {
            all.add(signature(signature.get(), draft.body(), stamps));
        }
        return new Request(
                draft.method(), url(draft, stamps), masked(url(draft, masked)), all, draft.body());
    }

    /// An address without what its query may hold of secrets.
    static String masked(String url) {
        return SECRET_QUERY.matcher(url).replaceAll("$1" + Credentials.MASK);
    }

    private static String url(Draft draft, Function<String, Value> stamps) throws FaultException {
        return Addresses.fill(
                draft.url(), name -> (STAMPS.contains(name) ? stamps : draft.fields()).apply(name));
    }

    private Function<String, Value> stamps(String token) {
        var now = clock.instant();
        var nonce = nonces.get();
        return name ->
                switch (name) {
                    case "timestamp" -> Value.raw(String.valueOf(now.getEpochSecond()));
                    case "timestampMillis" -> Value.raw(String.valueOf(now.toEpochMilli()));
                    case "nonce" -> Value.string(nonce);
                    default -> Value.string(token);
                };
    }

    private static Function<String, Value> with(
            Function<String, Value> values, String changed, String text) {
        return name -> name.equals(changed) ? Value.string(text) : values.apply(name);
    }

    private static Header signature(
            Signature signature, RequestBody body, Function<String, Value> stamps)
            throws FaultException {
        var settings = signature.settings;
        var secret = settings.secret().value();
        var text = signature.template.fill(with(with(stamps, "secret", secret), "body", BODY));
        try {
            var digest = Digest.of(settings);
            var pieces = text.split(BODY, -1);
            for (var i = 0; i < pieces.length; i++) {
                if (i > 0) {
                    feed(digest, body);
                }
                var bytes = pieces[i].getBytes(StandardCharsets.UTF_8);
                digest.update(bytes, bytes.length);
            }
            var result = digest.result();
            return Header.of(
                    settings.header(),
                    settings.prefix()
                            + switch (settings.encoding()) {
                                case HEX -> HexFormat.of().formatHex(result);
                                case BASE64 -> Base64.getEncoder().encodeToString(result);
                            });
        } catch (IOException e) {
            throw Upload.unreadable(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has them", e);
        }
    }

    private static void feed(Digest digest, RequestBody body) throws IOException {
        var chunk = new byte[COPY_BYTES];
        try (var in = body.openToCheck()) {
            for (var read = in.read(chunk); read >= 0; read = in.read(chunk)) {
                digest.update(chunk, read);
            }
        }
    }

    /// An HMAC or a plain digest.
    private sealed interface Digest {
        void update(byte[] bytes, int length);

        byte[] result();

        static Digest of(HttpSignature settings) throws GeneralSecurityException {
            return switch (settings.algorithm()) {
                case MD5 -> new Plain(MessageDigest.getInstance("MD5"));
                case HMAC_SHA256 -> {
                    var mac = Mac.getInstance("HmacSHA256");
                    var key = settings.secret().value().getBytes(StandardCharsets.UTF_8);
                    mac.init(new SecretKeySpec(key, "HmacSHA256"));
                    yield new Keyed(mac);
                }
            };
        }

        record Plain(MessageDigest digest) implements Digest {
            @Override
            public void update(byte[] bytes, int length) {
                digest.update(bytes, 0, length);
            }

            @Override
            public byte[] result() {
                return digest.digest();
            }
        }

        record Keyed(Mac mac) implements Digest {
            @Override
            public void update(byte[] bytes, int length) {
                mac.update(bytes, 0, length);
            }

            @Override
            public byte[] result() {
                return mac.doFinal();
            }
        }
    }
}
