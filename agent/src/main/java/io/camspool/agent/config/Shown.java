package io.camspool.agent.config;

import io.camspool.agent.config.Origin.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/// One value of the configuration as people are shown it; secrets are masked.
///
/// @param value empty where nobody gives one and there is no default
/// @param applied false: it is checked, and without effect in this version
public record Shown(String key, String value, Origin origin, boolean applied) {
    static final String MASKED = "***";

    private static final Pattern USER_OF_ADDRESS = Pattern.compile("//[^/?#@]*@");
    private static final Pattern SECRET_PARAMETER =
            Pattern.compile("(?i)([?&][^=&]*(?:key|token|secret|passw|sign|auth)[^=&]*=)[^&{#]+");

    /// All keys in the order of the table, then what only the file holds.
    static List<Shown> of(Values values) {
        var shown = new ArrayList<Shown>();
        for (var key : Keys.ALL) {
            var given = values.given(key);
            var text =
                    given.map(
                            value ->
                                    switch (key.kind()) {
                                        case PATH -> values.absolute(value);
                                        case SECRET -> masked(value.text());
                                        case PLAIN, LIST -> value.text();
                                    });
            shown.add(
                    new Shown(
                            key.name(),
                            text.orElse(""),
                            given.map(Values.Given::origin).orElse(Origin.DEFAULT),
                            !Keys.NOT_APPLIED.contains(key)));
        }
        for (var key : Keys.ONLY_IN_FILE) {
            values.top().node(key).ifPresent(node -> add(shown, values.reading(), key, node));
        }
        return List.copyOf(shown);
    }

    private static void add(List<Shown> shown, Reading reading, String name, Node node) {
        switch (node) {
            case MappingNode mapping -> {
                for (var tuple : mapping.getValue()) {
                    if (tuple.getKeyNode() instanceof ScalarNode key) {
                        add(shown, reading, name + "." + key.getValue(), tuple.getValueNode());
                    }
                }
            }
            case SequenceNode sequence ->
                    sequence.getValue().forEach(each -> add(shown, reading, name, each));
            case ScalarNode scalar -> {
                var text = scalar.getValue();
                shown.add(
                        new Shown(
                                name,
                                reading.isSecret(name) ? masked(text) : withoutSecrets(text),
                                reading.at(Section.lineOf(node)),
                                true));
            }
            default -> {}
        }
    }

    /// Where a secret stands may be seen, the secret not.
    private static String masked(String text) {
        return Reading.isReference(text) ? text : MASKED;
    }

    /// An address without what people put into addresses.
    private static String withoutSecrets(String text) {
        return SECRET_PARAMETER
                .matcher(USER_OF_ADDRESS.matcher(text).replaceAll("//" + MASKED + "@"))
                .replaceAll("$1" + MASKED);
    }

    /// Whether somebody has given it.
    public boolean isGiven() {
        return origin.source() != Source.DEFAULT;
    }
}
