package io.camspool.agent.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What people read of the configuration is what the reader knows.
final class ConfigurationPageTest {
    private static final Path HOME = Path.of("..");
    private static final Pattern WORD = Pattern.compile("`([a-z0-9.-]+)`");
    private static final Pattern KNOWN =
            Pattern.compile("camspool.yaml:[0-9]+: (?:(.*)\\.)?QQ: unknown key; known are (.*)");

    @TempDir Path folder;

    /// The keys in the first columns of the page's tables, by heading.
    private static Map<String, Set<String>> onThePage() throws IOException {
        var keys = new TreeMap<String, Set<String>>();
        var heading = "";
        for (var line : Files.readAllLines(HOME.resolve("docs/configuration.md"))) {
            if (line.startsWith("#")) {
                heading = line.replaceFirst("#+ ", "");
            } else if (line.startsWith("| `")) {
                WORD.matcher(line.split("\\|", 3)[1])
                        .results()
                        .map(found -> found.group(1))
                        .forEach(keys.computeIfAbsent(heading, _ -> new TreeSet<>())::add);
            }
        }
        return keys;
    }

    /// The keys that the reader names where it meets one that it doesn't know, by section.
    private Map<String, Set<String>> known() throws IOException {
        var file =
                Files.writeString(
                        folder.resolve("camspool.yaml"),
                        """
                        QQ: 1
                        watch: {folder: w, QQ: 1}
                        sinks:
                          f: {type: folder, folder: a, QQ: 1}
                          p: {type: pull, QQ: 1}
                          h:
                            QQ: 1
                            type: http
                            success: {QQ: 1}
                            images-multipart: {QQ: 1}
                            basic: {QQ: 1}
                            sign-in: {QQ: 1}
                            signature: {QQ: 1}
                            proxy: {user: a, QQ: 1}
                            certificate: {QQ: 1}
                        """);
        var said = String.valueOf(catchThrowable(() -> ConfigSources.of(file).read()).getMessage());
        var keys = new TreeMap<String, Set<String>>();
        KNOWN.matcher(said)
                .results()
                .forEach(
                        found ->
                                keys.put(
                                        Optional.ofNullable(found.group(1)).orElse(""),
                                        new TreeSet<>(Set.of(found.group(2).split(", ")))));
        return keys;
    }

    private static Set<String> without(Set<String> keys, Set<String> others) {
        var rest = new TreeSet<>(keys);
        rest.removeAll(others);
        return rest;
    }

    @Test
    void thePageNamesTheKeysThatTheReaderKnows() throws IOException {
        var page = onThePage();
        var known = known();

        var ofEverySink = page.getOrDefault("Every sink", Set.of());
        assertThat(known.get("sinks.f")).containsAll(ofEverySink);
        assertThat(known.get("sinks.h")).containsAll(ofEverySink);
        var read = new TreeMap<String, Set<String>>();
        var top = new TreeSet<>(Keys.names());
        top.addAll(Keys.ONLY_IN_FILE);
        top.remove(Keys.LISTEN.group());
        read.put("The file", top);
        read.put("watch", known.getOrDefault("watch", Set.of()));
        read.put("Every sink", ofEverySink);
        read.put("folder", without(known.getOrDefault("sinks.f", Set.of()), ofEverySink));
        read.put("pull", without(known.getOrDefault("sinks.p", Set.of()), ofEverySink));
        read.put("http", without(known.getOrDefault("sinks.h", Set.of()), ofEverySink));
        read.put(
                "success, refused, retry, expired",
                known.getOrDefault("sinks.h.success", Set.of()));
        Stream.of("images-multipart", "basic", "sign-in", "signature", "proxy", "certificate")
                .forEach(key -> read.put(key, known.getOrDefault("sinks.h." + key, Set.of())));
        assertThat(page).isEqualTo(read);
    }

    /// Lines of the table under the heading, as cells.
    private static List<List<String>> rowsOfKeys() throws IOException {
        var page = Files.readString(HOME.resolve("docs/configuration.md"));
        var table = page.substring(page.indexOf("## The file"), page.indexOf("## Every sink"));
        return table.lines()
                .filter(line -> line.startsWith("| `"))
                .map(line -> Stream.of(line.split(" *\\| *", -1)).skip(1).toList())
                .toList();
    }

    @Test
    void thePageHasTheDefaultsAndWordsOfTheTable() throws IOException {
        for (var row : rowsOfKeys()) {
            var key = Keys.named(row.getFirst().replace("`", ""));
            if (key.isEmpty()) {
                continue; // a list of sections
            }
            var fallback = key.get().fallback();
            if (!fallback.isEmpty()) {
                assertThat(row.get(1)).as(key.get().name()).isEqualTo("`" + fallback + "`");
            }
            assertThat(row.get(2)).as(key.get().name()).startsWith(key.get().about());
        }
    }

    @Test
    void theReaderKnowsTheGroupsOfTheTable() throws IOException {
        assertThat(known().get(""))
                .containsAll(Keys.groups())
                .containsAll(Keys.ONLY_IN_FILE)
                .contains("box", "data", "token");
    }

    @ParameterizedTest
    @ValueSource(strings = {"README.md", "README.zh-CN.md"})
    void theReadmesExampleCanBeRead(String page) throws IOException {
        var text = Files.readString(HOME.resolve(page));
        var yaml = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL).matcher(text);
        assertThat(yaml.find()).isTrue();
        Files.writeString(folder.resolve("server.token"), "t");

        var config =
                ConfigSources.of(Files.writeString(folder.resolve("camspool.yaml"), yaml.group(1)))
                        .read()
                        .spool();

        assertThat(config.sinks()).extracting(sink -> sink.id()).containsExactly("server", "share");
        config.sinks().forEach(sink -> sink.sink().close());
    }
}
