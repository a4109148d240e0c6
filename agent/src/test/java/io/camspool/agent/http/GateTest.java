package io.camspool.agent.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camspool.CamspoolException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Who may connect, and who may ask.
final class GateTest {
    @TempDir private Path folder;

    static Iterable<String> ways() {
        return Served.ways();
    }

    private static int status(Served served, String way, String request) throws IOException {
        try (var client = served.client(way)) {
            return client.send(request).answer().status();
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void noRouteAnswersWithoutTheToken(String way) throws IOException {
        try (var served = new Served(folder, Served.TINY, "s3cret")) {
            for (var line :
                    new String[] {
                        "GET /ping", "PUT /body", "DELETE /ping", "GET /nothing", "HEAD /stored"
                    }) {
                for (var header :
                        new String[] {
                            "",
                            "Authorization: Bearer\r\n",
                            "Authorization: Bearer wrong\r\n",
                            "Authorization: s3cret\r\n"
                        }) {
                    var request = line + " HTTP/1.1\r\nHost: localhost\r\n" + header + "\r\n";
                    try (var client = served.client(way)) {
                        var answer = client.send(request).answer(!line.startsWith("HEAD"));
                        assertThat(answer.status()).as(request).isEqualTo(401);
                        assertThat(answer.header("WWW-Authenticate")).isEqualTo("Bearer");
                        assertThat(answer.body()).doesNotContain("s3cret");
                    }
                }
            }
            assertThat(
                            status(
                                    served,
                                    way,
                                    "GET /ping HTTP/1.1\r\nHost: localhost\r\nAuthorization: bearer s3cret\r\n\r\n"))
                    .isEqualTo(200);
            assertThat(served.server().refusals().count(Refusal.UNAUTHORIZED)).isEqualTo(20);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "localhost, 200",
        "LOCALHOST:8080, 200",
        "127.0.0.1:1, 200",
        "[::1]:8080, 200",
        "192.168.1.5, 200",
        "box-1.local:80, 200",
        "evil.example, 421",
        "localhost.evil.example, 421",
        "127.0.0.1.evil.example, 421",
        "box-1, 421"
    })
    void onlyItsOwnNamesAreAnswered(String host, int status) throws IOException {
        try (var served = new Served(folder)) {
            for (var way : Served.ways()) {
                assertThat(status(served, way, "GET /ping HTTP/1.1\r\nHost: " + host + "\r\n\r\n"))
                        .isEqualTo(status);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "Origin: http://localhost:1, 202",
        "Sec-Fetch-Site: same-origin, 202",
        "Origin: http://evil.example, 403",
        "Origin: null, 403",
        "Origin: http://localhost:2, 403",
        "Sec-Fetch-Site: cross-site, 403",
        "Sec-Fetch-Site: same-site, 403"
    })
    void pagesOfOtherSitesChangeNothing(String header, int status) throws IOException {
        try (var served = new Served(folder)) {
            var rest = " HTTP/1.1\r\nHost: localhost:1\r\n" + header + "\r\n\r\n";
            assertThat(status(served, "tcp", "POST /body" + rest)).isEqualTo(status);
            assertThat(status(served, "tcp", "GET /ping" + rest)).isEqualTo(200);
        }
    }

    @Test
    void otherMachinesNeedAToken() {
        var everywhere = Optional.of(new InetSocketAddress("0.0.0.0", 8080));
        assertThatThrownBy(
                        () ->
                                new HttpServerConfig(
                                        everywhere,
                                        Optional.empty(),
                                        Optional.empty(),
                                        Set.of(),
                                        HttpLimits.DEFAULTS))
                .isInstanceOf(CamspoolException.class)
                .hasMessageContaining("listen: \"0.0.0.0:8080\"")
                .hasMessageContaining("token");
        var config =
                new HttpServerConfig(
                        everywhere,
                        Optional.empty(),
                        Optional.of(() -> "s3cret"),
                        Set.of(),
                        HttpLimits.DEFAULTS);
        assertThat(config.toString()).doesNotContain("s3cret");
    }

    @Test
    void aTakenPortIsNamed() throws IOException {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var config = HttpServerConfig.loopback(taken.getLocalPort());
            assertThatThrownBy(() -> HttpServer.start(config, routing -> {}))
                    .isInstanceOf(CamspoolException.class)
                    .hasMessageContaining(":" + taken.getLocalPort())
                    .hasMessageContaining("in use");
        }
    }

    @Test
    void aSocketThatSomebodyAnswersIsLeftAlone() throws IOException {
        var address = UnixDomainSocketAddress.of(folder.resolve("s.sock"));
        try (var other = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            other.bind(address);
            assertThatThrownBy(() -> new Served(folder))
                    .isInstanceOf(CamspoolException.class)
                    .hasMessageContaining("s.sock");
        }
        assertThat(address.getPath()).exists();
    }

    @Test
    void aSocketThatAKilledProcessLeftIsReplaced() throws IOException {
        var address = UnixDomainSocketAddress.of(folder.resolve("s.sock"));
        try (var dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            dead.bind(address);
        }
        try (var served = new Served(folder)) {
            assertThat(status(served, "unix", "GET /ping HTTP/1.1\r\nHost: localhost\r\n\r\n"))
                    .isEqualTo(200);
            assertThat(
                            PosixFilePermissions.toString(
                                    Files.getPosixFilePermissions(address.getPath())))
                    .isEqualTo("rw-------");
        }
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aFileIsNeverTakenForASocket() throws IOException {
        var file = Files.writeString(folder.resolve("s.sock"), "mine");
        assertThatThrownBy(() -> new Served(folder)).isInstanceOf(CamspoolException.class);
        assertThat(file).hasContent("mine");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "missing/s.sock",
                "aPathThatIsMuchLongerThanAnyThatTheSystemCanNameForASocket_aPathThatIsMuchLongerThanAny/s"
            })
    void aSocketThatCannotBeMadeIsNamed(String name) {
        var config =
                new HttpServerConfig(
                        Optional.empty(),
                        Optional.of(new UnixSocket(folder.resolve(name))),
                        Optional.empty(),
                        Set.of(),
                        HttpLimits.DEFAULTS);
        assertThatThrownBy(() -> HttpServer.start(config, routing -> {}))
                .isInstanceOf(CamspoolException.class)
                .hasMessageContaining(name.substring(0, 7));
    }

    @Test
    void aServerMayListenOnASocketAlone() throws IOException {
        var path = folder.resolve("only.sock");
        var config =
                new HttpServerConfig(
                        Optional.empty(),
                        Optional.of(new UnixSocket(path)),
                        Optional.empty(),
                        Set.of(),
                        Served.TINY);
        try (var server = HttpServer.start(config, routing -> {});
                var client = new RawClient(UnixDomainSocketAddress.of(path))) {
            assertThat(server.url()).isEqualTo("unix:" + path);
            assertThat(server.port()).isEqualTo(-1);
            client.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
            assertThat(client.answer().status()).isEqualTo(404);
        }
    }
}
