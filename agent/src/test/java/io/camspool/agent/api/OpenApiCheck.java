package io.camspool.agent.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.dialect.Dialects;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// Holds answers against `openapi.yaml`: path, method, status, media type and, of JSON, every
/// value.
public final class OpenApiCheck {
    private static final String IRI = "https://camspool.example/openapi.yaml";
    private static final String PROBLEM = "/components/schemas/Problem";
    private static final OpenApiCheck OF_CONTRACT = new OpenApiCheck(text());

    private final JsonNode document;
    private final SchemaRegistry registry;

    private OpenApiCheck(String yaml) {
        document = new YAMLMapper().readTree(yaml);
        registry =
                SchemaRegistry.withDialect(
                        Dialects.getDraft202012(),
                        builder ->
                                builder.schemas(Map.of(IRI, yaml))
                                        .schemaRegistryConfig(
                                                SchemaRegistryConfig.builder()
                                                        .formatAssertionsEnabled(true)
                                                        .build()));
    }

    private static String text() {
        try (InputStream in =
                OpenApiCheck.class.getResourceAsStream("/io/camspool/agent/api/openapi.yaml")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Fails unless the contract allows this answer to its request. Gives the answer back.
    public static HttpResponse<String> checked(HttpResponse<String> response) {
        var mediaType =
                response.headers()
                        .firstValue("Content-Type")
                        .orElse("none")
                        .replaceFirst(";.*", "")
                        .strip();
        OF_CONTRACT.check(
                response.request().method(),
                response.request().uri().getRawPath(),
                response.statusCode(),
                mediaType,
                response.body());
        return response;
    }

    private void check(String method, String path, int status, String mediaType, String body) {
        var what = "%s %s -> %d %s %s".formatted(method, path, status, mediaType, body);
        var schema = schema(method, path, status, mediaType);
        assertThat(document.at(schema).isMissingNode())
                .as("not in the contract: " + what)
                .isFalse();
        if (mediaType.equals("application/json") || mediaType.endsWith("+json")) {
            var location = IRI + "#" + schema.replace("{", "%7B").replace("}", "%7D");
            var errors =
                    registry.getSchema(SchemaLocation.of(location))
                            .validate(body, InputFormat.JSON);
            assertThat(errors).as(what).isEmpty();
        }
    }

    /// Where the schema stands. What nobody can ask for is answered by a problem.
    private String schema(String method, String path, int status, String mediaType) {
        var operation = operation(path) + "/" + method.toLowerCase(Locale.ROOT);
        if (document.at(operation).isMissingNode()
                && mediaType.equals("application/problem+json")) {
            return PROBLEM;
        }
        var responses = operation + "/responses/";
        var named = !document.at(responses + status).isMissingNode();
        var content = followed(responses + (named ? status : "default")) + "/content/";
        for (var range : List.of(mediaType, mediaType.replaceFirst("/.*", "/*"), "*/*")) {
            if (!document.at(content + escaped(range)).isMissingNode()) {
                return content + escaped(range) + "/schema";
            }
        }
        return content + escaped(mediaType) + "/schema";
    }

    /// The pointer of a path's template; one without parameters goes first.
    private String operation(String path) {
        if (document.path("paths").has(path)) {
            return "/paths/" + escaped(path);
        }
        return document.path("paths").propertyNames().stream()
                .filter(template -> path.matches(template.replaceAll("\\{[^}]*}", "[^/]+")))
                .findFirst()
                .map(template -> "/paths/" + escaped(template))
                .orElse("/paths/none");
    }

    private String followed(String pointer) {
        var reference = document.at(pointer + "/$ref");
        return reference.isMissingNode() ? pointer : followed(reference.asString().substring(1));
    }

    private static String escaped(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }
}
