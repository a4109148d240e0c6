package io.camspool.internal.archive;

import static org.assertj.core.api.Assertions.assertThat;

import io.camspool.ItemId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class CapturePathTest {
    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
    private static final ItemId ID = new ItemId("1m86j1wh0bnzd8hj6n02");
    private static final ItemId LONGEST_ID = new ItemId("z".repeat(ItemId.MAX_LENGTH));
    private static final int MOST_NAME_BYTES = 255;

    private static String path(String camera, String alert, ItemId id) {
        return CapturePath.of(camera, Optional.of(alert), NOON, ZoneOffset.UTC, id, ".jpg");
    }

    private static String fileNameOf(String path) {
        return path.substring(path.indexOf('/') + 1);
    }

    @Test
    void aPathNamesDayCameraAlertAndId() {
        assertThat(path("gate-1", "alert-42", ID))
                .isEqualTo("20261123/gate-1_alert-42_" + ID + ".jpg");
        assertThat(CapturePath.of("gate-1", Optional.empty(), NOON, ZoneOffset.UTC, ID, ".png"))
                .isEqualTo("20261123/gate-1_" + ID + ".png");
        assertThat(CapturePath.ofAlert(NOON, ZoneOffset.UTC, ID))
                .isEqualTo("alerts/20261123/" + ID + ".json");
    }

    @Test
    void theDayIsThatOfTheZone() {
        var late = Instant.parse("2026-11-23T23:30:00Z");

        assertThat(CapturePath.ofAlert(late, ZoneId.of("Asia/Shanghai"), ID))
                .startsWith("alerts/20261124/");
        assertThat(CapturePath.ofAlert(late, ZoneId.of("America/New_York"), ID))
                .startsWith("alerts/20261123/");
        assertThat(CapturePath.ofAlert(Instant.EPOCH, ZoneOffset.UTC, ID))
                .startsWith("alerts/19700101/");
    }

    @Test
    void hardNamesStayReadable() {
        assertThat(path("东门/1号", "告警:42?", ID)).isEqualTo("20261123/东门_1号_告警_42__" + ID + ".jpg");
        assertThat(path("..", "CON", ID)).isEqualTo("20261123/_._" + "_CON_" + ID + ".jpg");
        assertThat(path("con.jpg", "📷", ID)).isEqualTo("20261123/_con.jpg_📷_" + ID + ".jpg");
    }

    @Test
    void theLongestNamesFitInAFileName() {
        for (var character : List.of("a", "é", "门", "📷", "/", "\uD800")) {
            var name = fileNameOf(path(character.repeat(300), character.repeat(300), LONGEST_ID));

            assertThat(name.getBytes(StandardCharsets.UTF_8).length)
                    .as(character)
                    .isLessThanOrEqualTo(MOST_NAME_BYTES);
            assertThat(name).endsWith("_" + LONGEST_ID + ".jpg");
        }
    }

    @Test
    void aFileNameNeverEndsWithADotOrSpace() {
        for (var text : List.of("gate.", "gate ", "gate. . ", " ", ". ")) {
            assertThat(path(text, text, ID)).endsWith("_" + ID + ".jpg");
        }
    }

    @Test
    void namesThatFallTogetherAreToldApartByTheIdAlsoWithoutCase() {
        var other = new ItemId("1m86j1wh0bnzd8hj6n03");
        var pairs =
                List.of(
                        List.of("Gate", "gate"),
                        List.of("a/b", "a_b"),
                        List.of("a:b", "a?b"),
                        List.of("Caf\u00E9", "Cafe\u0301"));
        for (var pair : pairs) {
            assertThat(path(pair.getFirst(), "x", ID).toLowerCase(Locale.ROOT))
                    .isNotEqualTo(path(pair.getLast(), "x", other).toLowerCase(Locale.ROOT));
        }
    }

    @Test
    void anyNamesGiveOneSafeFileBelowTheDayEachTime() {
        var seed = 42L;
        var random = new SplittableRandom(seed);
        for (var i = 0; i < 3_000; i++) {
            var camera = SafeNameTest.Texts.any(random);
            var alert = SafeNameTest.Texts.any(random);
            var path = path(camera, alert, LONGEST_ID);
            var name = fileNameOf(path);

            assertThat(path)
                    .as("seed %d, pair %d", seed, i)
                    .isEqualTo(path(camera, alert, LONGEST_ID))
                    .startsWith("20261123/");
            assertThat(name)
                    .as("seed %d, pair %d", seed, i)
                    .doesNotContain("/", "\\", "\0")
                    .doesNotStartWith(".")
                    .doesNotMatch("(?s).*[\\p{Cntrl}\u202A-\u202E\u2066-\u2069].*");
            assertThat(name.getBytes(StandardCharsets.UTF_8).length)
                    .isLessThanOrEqualTo(MOST_NAME_BYTES);
        }
    }
}
