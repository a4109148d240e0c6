package io.camspool.internal.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camspool.CamspoolException;
import io.camspool.CamspoolException.Reason;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AlertJsonTest {
    private static final int MAX_BYTES = 4_000;
    private static final int MAX_DEPTH = 10;

    private final AlertJson json = new AlertJson(MAX_BYTES, MAX_DEPTH);

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private void refused(byte[] bytes, String why) {
        assertThatThrownBy(() -> json.check(bytes))
                .isInstanceOfSatisfying(
                        CamspoolException.class,
                        e -> assertThat(e.reason()).isEqualTo(Reason.INVALID))
                .hasMessageContaining("alert")
                .hasMessageContaining(why)
                .hasMessageContaining("allowed: ");
    }

    private static String nested(int depth) {
        return "{\"a\":".repeat(depth - 1) + "{}" + "}".repeat(depth - 1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                " \r\n\t{ } \n",
                "{\"a\":1,\"a\":2}",
                "{\"kind\":\"人\",\"emoji\":\"📷\",\"n\":1e400,\"list\":[1,[2,{}],null,true,false]}",
                "{\"escaped\":\"\\ud83d\\u0000\\n\\\"\"}",
                "{\"n\":-0.0,\"m\":12345678901234567890123456789012345678901234567890}",
            })
    void anyObjectIsAccepted(String text) {
        assertThatCode(() -> json.check(utf8(text))).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "[{}]", "1", "\"text\"", "null", "true", "-1.5e3"})
    void whatIsNoObjectIsRefused(String text) {
        refused(utf8(text), "it is not an object");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\n"})
    void nothingIsRefused(String text) {
        refused(utf8(text), "it is not an object");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "}",
                "{]",
                "{\"a\"}",
                "{\"a\":}",
                "{\"a\":1,}",
                "{\"a\":1",
                "{\"a\":[1}",
                "{a:1}",
                "{'a':1}",
                "{\"a\":NaN}",
                "{\"a\":Infinity}",
                "{\"a\":01}",
                "{\"a\":+1}",
                "{\"a\":.5}",
                "{\"a\":1.}",
                "{\"a\":tru}",
                "{\"a\":\"open}",
                "{\"a\":\"\\x\"}",
                "{\"a\":\"\\u12g4\"}",
                "{\"a\":\"tab\there\"}",
                "{\"a\":\"line\nhere\"}",
                "{/* no */}",
                "{\"a\":1 \"b\":2}",
                "{\"a\":1}}",
                "nope",
                "{\"a\":1e}",
            })
    void brokenJsonIsRefusedWithItsPlace(String text) {
        refused(utf8(text), "column ");
    }

    @Test
    void everyCutOfAnObjectIsRefused() {
        var whole = utf8("{\"kind\":\"人\",\"box\":[1,2.5,{\"x\":null}],\"ok\":true}");
        for (var length = 0; length < whole.length; length++) {
            refused(java.util.Arrays.copyOf(whole, length), "column ");
        }
        json.check(whole);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{} {}", "{}{}", "{}\n{}", "{} []", "{}1", "{} \"a\""})
    void aSecondValueIsRefused(String text) {
        refused(utf8(text), "something follows the object");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{},", "{} x", "{}\0", "{} //"})
    void trailingContentIsRefused(String text) {
        refused(utf8(text), "column ");
    }

    @Test
    void depthIsLimited() {
        json.check(utf8(nested(MAX_DEPTH)));
        refused(utf8(nested(MAX_DEPTH + 1)), "column ");
        refused(utf8("{\"a\":" + "[".repeat(1_500)), "column ");
    }

    @Test
    void sizeIsLimitedInBytes() {
        var fixed = "{\"a\":\"\"}".length();
        json.check(utf8("{\"a\":\"" + "x".repeat(MAX_BYTES - fixed) + "\"}"));
        refused(
                utf8("{\"a\":\"" + "x".repeat(MAX_BYTES - fixed + 1) + "\"}"),
                "4001 is not allowed; allowed: at most 4000 bytes");
        refused(utf8("{\"a\":\"" + "门".repeat(MAX_BYTES / 3) + "\"}"), "at most 4000 bytes");
    }

    @Test
    void longNamesAndNumbersAreLimitedByTheSizeOnly() {
        json.check(utf8("{\"" + "n".repeat(3_900) + "\":1}"));
        json.check(utf8("{\"n\":" + "9".repeat(3_900) + "}"));
    }

    @Test
    void otherEncodingsAreRefused() {
        for (var charset :
                new java.nio.charset.Charset[] {
                    StandardCharsets.UTF_16,
                    StandardCharsets.UTF_16LE,
                    StandardCharsets.UTF_16BE,
                    java.nio.charset.Charset.forName("UTF-32BE"),
                    java.nio.charset.Charset.forName("UTF-32LE"),
                }) {
            refused("{\"a\":\"人\"}".getBytes(charset), "column ");
        }
    }

    @Test
    void aByteOrderMarkIsRefused() {
        refused(utf8("\uFEFF{}"), "column ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"C0AF", "E08080", "EDA080", "F4908080", "F5808080"})
    void overlongFormsSurrogatesAndCodesBeyondUnicodeAreRefusedInsideStringsToo(String hex) {
        var bytes = new java.io.ByteArrayOutputStream();
        bytes.writeBytes(utf8("{\"a\":\""));
        bytes.writeBytes(java.util.HexFormat.of().parseHex(hex));
        bytes.writeBytes(utf8("\"}"));
        refused(bytes.toByteArray(), "UTF-8");
    }

    @Test
    void aTruncatedObjectIsExplainedWithoutTheParsersOwnWords() {
        assertThatThrownBy(() -> json.check(utf8("{\"a\":[1,")))
                .hasMessageContaining("column ")
                .hasMessageNotContaining("Source");
    }

    @Test
    void bytesThatAreNoUtf8AreRefused() {
        refused("{\"a\":\"\u00E9\"}".getBytes(StandardCharsets.ISO_8859_1), "column ");
        refused("{\"a\":\"\u00FF\u00FE\"}".getBytes(StandardCharsets.ISO_8859_1), "column ");
        refused("{\"a\":\"\u0080\"}".getBytes(StandardCharsets.ISO_8859_1), "column ");
        refused("{\"\u00E9\":1}".getBytes(StandardCharsets.ISO_8859_1), "column ");
    }
}
