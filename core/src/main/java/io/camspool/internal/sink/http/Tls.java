package io.camspool.internal.sink.http;

import io.camspool.CamspoolException;
import io.camspool.internal.disk.Disk;
import io.camspool.sink.HttpConnection;
import io.camspool.sink.HttpConnection.ClientCertificate;
import io.camspool.sink.Secret;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/// Whom to trust and what to show, from files.
final class Tls {
    private static final Pattern PEM =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\\s]+)-----END \\1-----");
    private static final char[] NO_PASSWORD = {};

    private Tls() {}

    static SSLContext context(HttpConnection settings, Disk disk) throws FaultException {
        try {
            var context = SSLContext.getInstance("TLS");
            context.init(
                    settings.certificate().isPresent()
                            ? shown(settings.certificate().get(), disk)
                            : null,
                    settings.ca().isPresent() ? trusted(settings.ca().get(), disk) : null,
                    null);
            return context;
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            throw FaultException.ofSink("TLS: " + CamspoolException.causeInWords(e));
        }
    }

    private static TrustManager[] trusted(Path pem, Disk disk)
            throws IOException, GeneralSecurityException {
        var store = emptyStore();
        var certificates = certificates(read(pem, disk));
        if (certificates.isEmpty()) {
            throw new GeneralSecurityException(pem + ": no certificate in it");
        }
        for (var certificate : certificates) {
            store.setCertificateEntry("ca-" + store.size(), certificate);
        }
        var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }

    private static KeyManager[] shown(ClientCertificate own, Disk disk)
            throws IOException, GeneralSecurityException {
        var bytes = read(own.file(), disk);
        var password =
                own.password().map(Secret::value).map(String::toCharArray).orElse(NO_PASSWORD);
        var store = emptyStore();
        var key = privateKey(bytes);
        if (key != null) {
            store.setKeyEntry(
                    "own", key, password, certificates(bytes).toArray(new Certificate[0]));
        } else {
            store.load(new ByteArrayInputStream(bytes), password);
        }
        var factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, password);
        return factory.getKeyManagers();
    }

    private static KeyStore emptyStore() throws IOException, GeneralSecurityException {
        var store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    private static byte[] read(Path file, Disk disk) throws IOException {
        try (var in = disk.open(file)) {
            return in.readAllBytes();
        }
    }

    private static List<Certificate> certificates(byte[] pem) throws GeneralSecurityException {
        var factory = CertificateFactory.getInstance("X.509");
        var certificates = new ArrayList<Certificate>();
        for (var block : blocks(pem, "CERTIFICATE")) {
            certificates.add(factory.generateCertificate(new ByteArrayInputStream(block)));
        }
        return certificates;
    }

    private static @Nullable PrivateKey privateKey(byte[] pem) throws GeneralSecurityException {
        for (var block : blocks(pem, "PRIVATE KEY")) {
            for (var algorithm : List.of("RSA", "EC", "EdDSA")) {
                try {
                    return KeyFactory.getInstance(algorithm)
                            .generatePrivate(new PKCS8EncodedKeySpec(block));
                } catch (InvalidKeySpecException _) {
                    // One of another algorithm.
                }
            }
        }
        return null;
    }

    private static List<byte[]> blocks(byte[] pem, String label) {
        return PEM.matcher(new String(pem, StandardCharsets.ISO_8859_1))
                .results()
                .filter(block -> block.group(1).equals(label))
                .map(block -> Base64.getMimeDecoder().decode(block.group(2)))
                .toList();
    }
}
