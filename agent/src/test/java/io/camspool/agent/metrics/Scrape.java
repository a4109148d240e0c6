package io.camspool.agent.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// One scrape in the text format 0.0.4, read as Prometheus reads it, and held against what
/// `promtool check metrics` asks for.
///
/// @param series values by name and labels, as they stand in the text
record Scrape(Map<String, Family> families, Map<String, Double> series) {
    private static final Pattern SAMPLE =
            Pattern.compile("([a-z][a-z0-9_]*)(\\{(.*)})? ([0-9.E+-]+|NaN|\\+Inf)");
    private static final Pattern LABEL =
            Pattern.compile("([a-z][a-z_]*)=\"((?:[^\"\\\\\n]|\\\\[\\\\\"n])*)\"(?:,|$)");

    private static final String PARTS = "_(bucket|sum|count)$";

    /// What is said of a metric before its values.
    record Family(String name, String type, String help, Set<String> labels) {}

    static Scrape of(String text) {
        var helps = new TreeMap<String, String>();
        var families = new TreeMap<String, Family>();
        var series = new LinkedHashMap<String, Double>();
        for (var line : text.split("\n", -1)) {
            if (line.startsWith("# HELP ")) {
                var parts = line.split(" ", 4);
                assertThat(helps.put(parts[2], parts[3])).as(line).isNull();
            } else if (line.startsWith("# TYPE ")) {
                var parts = line.split(" ", 4);
                var family =
                        new Family(
                                parts[2],
                                parts[3],
                                helps.getOrDefault(parts[2], ""),
                                new TreeSet<>());
                assertThat(families.put(parts[2], family)).as(line).isNull();
            } else if (!line.isEmpty()) {
                sample(line, families, series);
            }
        }
        families.values().forEach(Scrape::check);
        return new Scrape(families, series);
    }

    private static void sample(
            String line, Map<String, Family> families, Map<String, Double> series) {
        var sample = SAMPLE.matcher(line);
        assertThat(sample.matches()).as(line).isTrue();
        var name = sample.group(1);
        var base = families.containsKey(name) ? name : name.replaceFirst(PARTS, "");
        var family = Objects.requireNonNull(families.get(base), line);
        assertThat(family.type().equals("histogram")).as(line).isEqualTo(!base.equals(name));
        var labels = sample.group(3) == null ? "" : sample.group(3);
        var label = LABEL.matcher(labels);
        var end = 0;
        while (label.find()) {
            assertThat(label.start()).as(line).isEqualTo(end);
            if (!label.group(1).equals("le")) {
                family.labels().add(label.group(1));
            }
            end = label.end();
        }
        assertThat(end).as(line).isEqualTo(labels.length());
        var value = Double.parseDouble(sample.group(4).replace("+Inf", "Infinity"));
        assertThat(series.put(line.substring(0, line.lastIndexOf(' ')), value)).as(line).isNull();
    }

    private static void check(Family family) {
        var name = family.name();
        assertThat(family.help()).as(name).isNotBlank().endsWith(".");
        assertThat(name.endsWith("_total")).as(name).isEqualTo(family.type().equals("counter"));
        assertThat(name).doesNotMatch(".*_(count|sum|bucket|info_info)");
        assertThat(name).doesNotMatch(".*_(ms|millis|minutes|kb|mb|percent)(_.*)?");
        if (family.type().equals("histogram")) {
            assertThat(name).endsWith("_seconds");
        }
    }

    double value(String nameAndLabels) {
        assertThat(series).containsKey(nameAndLabels);
        return series.getOrDefault(nameAndLabels, Double.NaN);
    }
}
