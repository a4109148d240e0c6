package io.camspool.internal.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SafeNameTest {
    private static final int LIMIT = 80;

    @ParameterizedTest
    @CsvSource({
        "gate-1, gate-1",
        "东门/1号, 东门_1号",
        "告警:42?, 告警_42_",
        "📷🚨, 📷🚨",
        "a\\b, a_b",
        "a*\"<>|%b, a______b",
        "a_b, a_b",
        "Gate.North, Gate.North",
        ".hidden, _hidden",
    })
    void onlyWhatIsUnsafeIsReplaced(String text, String expected) {
        assertThat(SafeName.of(text, LIMIT)).isEqualTo(expected);
    }

    @Test
    void emojiOfSeveralCodePointsStayWhole() {
        var family = "👨\u200D👩\u200D👧";
        assertThat(SafeName.of(family, LIMIT)).isEqualTo(family);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {".", "..", "...", "../..", "./x", "..\\x", "/", "\\", "../../etc/passwd"})
    void noNameLeadsToAnotherFolder(String text) {
        var name = SafeName.of(text, LIMIT);

        assertThat(name).isNotIn("", ".", "..").doesNotStartWith(".").doesNotContain("/", "\\");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CON",
                "con",
                "Con.jpg",
                "con.jpg",
                "PRN",
                "aux",
                "NUL",
                "nul.tar.gz",
                "COM1",
                "com9",
                "LPT1",
                "lpt9.txt",
                "con .jpg",
            })
    void aWindowsDeviceIsNoLongerOne(String text) {
        assertThat(SafeName.of(text, LIMIT)).isEqualTo("_" + text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"CONSOLE", "icon", "COM10", "COM", "nul-1", "x.con", "LPT"})
    void whatOnlyLooksLikeADeviceIsKept(String text) {
        assertThat(SafeName.of(text, LIMIT)).isEqualTo(text);
    }

    @Test
    void controlAndDirectionCharactersAreReplaced() {
        var text = "a\0b\u0001c\nd\te\u007Ff\u0085g\u202Eh\u2066i\u200Fj\u2028k\u2029l\uFEFFm";

        assertThat(SafeName.of(text, LIMIT)).isEqualTo("a_b_c_d_e_f_g_h_i_j_k_l_m");
    }

    @Test
    void anUnpairedSurrogateIsReplaced() {
        assertThat(SafeName.of("a\uD800b", LIMIT)).isEqualTo("a_b");
        assertThat(SafeName.of("\uDC00", LIMIT)).isEqualTo("_");
        assertThat(SafeName.of("x\uD83D", LIMIT)).isEqualTo("x_");
    }

    @Test
    void privateAndUnassignedCharactersAreReplaced() {
        assertThat(SafeName.of("a\uE000b\uFFFFc\u0378d", LIMIT)).isEqualTo("a_b_c_d");
    }

    @Test
    void composedAndDecomposedLettersGiveOneName() {
        var composed = "Caf\u00E9 \uD55C";
        var decomposed = Normalizer.normalize(composed, Normalizer.Form.NFD);

        assertThat(decomposed).isNotEqualTo(composed);
        assertThat(SafeName.of(decomposed, LIMIT))
                .isEqualTo(SafeName.of(composed, LIMIT))
                .isEqualTo(composed);
    }

    @ParameterizedTest
    @CsvSource({"a, 80", "é, 40", "门, 26", "📷, 20"})
    void lengthIsBoundedInBytesAtAWholeCharacter(String character, int expected) {
        assertThat(SafeName.of(character.repeat(300), LIMIT)).isEqualTo(character.repeat(expected));
    }

    @Test
    void theLimitItselfFits() {
        assertThat(SafeName.of("a".repeat(LIMIT), LIMIT)).hasSize(LIMIT);
        assertThat(SafeName.of("a".repeat(78) + "门", LIMIT)).isEqualTo("a".repeat(78));
        assertThat(SafeName.of("a".repeat(77) + "门", LIMIT)).isEqualTo("a".repeat(77) + "门");
    }

    @Test
    void anyTextGivesTheSameSafeNameEachTime() {
        var seed = 20261123L;
        var random = new SplittableRandom(seed);
        for (var i = 0; i < 5_000; i++) {
            var text = Texts.any(random);
            var name = SafeName.of(text, LIMIT);

            assertThat(name)
                    .as("seed %d, text %d", seed, i)
                    .isNotEmpty()
                    .isEqualTo(SafeName.of(text, LIMIT))
                    .doesNotStartWith(".")
                    .doesNotContain("/", "\\", ":", "*", "?", "\"", "<", ">", "|", "%", "\0");
            assertThat(Normalizer.isNormalized(name, Normalizer.Form.NFC)).isTrue();
            assertThat(StandardCharsets.UTF_8.newEncoder().canEncode(name)).isTrue();
            assertThat(name.getBytes(StandardCharsets.UTF_8).length).isLessThanOrEqualTo(LIMIT);
        }
    }

    /// Texts that are hard on file systems, as often as random ones.
    static final class Texts {
        private static final String[] HARD = {
            "/", "\\", "..", ".", " ", "\0", "\n", "\u202E", "\uD800", "\uDC00", "e\u0301", "é",
            "门", "📷", "COM1", "A", "a", ":", "?", "_", "%",
        };

        private Texts() {}

        static String any(SplittableRandom random) {
            var text = new StringBuilder();
            var pieces = 1 + random.nextInt(40);
            for (var i = 0; i < pieces; i++) {
                if (random.nextBoolean()) {
                    text.append(HARD[random.nextInt(HARD.length)]);
                } else {
                    text.appendCodePoint(random.nextInt(Character.MAX_CODE_POINT + 1));
                }
            }
            return text.toString();
        }
    }
}
