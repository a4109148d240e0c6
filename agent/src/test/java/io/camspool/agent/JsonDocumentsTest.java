package io.camspool.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class JsonDocumentsTest {
    private static final int MAX_BYTES = 100;

    private static List<String> documents(String input) throws IOException {
        var bytes = input.getBytes(StandardCharsets.UTF_8);
        var documents = new JsonDocuments(new ByteArrayInputStream(bytes), MAX_BYTES);
        var found = new ArrayList<String>();
        for (var next = documents.next(); next != null; next = documents.next()) {
            found.add(next.line() + " " + new String(next.bytes(), StandardCharsets.UTF_8));
        }
        return found;
    }

    @Test
    void aLineIsADocumentWhenTheFirstOneIsWhole() throws IOException {
        assertThat(documents("{\"n\":1}\n\n  {\"n\":2}\r\n{\"n\":3}"))
                .containsExactly("1 {\"n\":1}", "3 {\"n\":2}", "4 {\"n\":3}");
    }

    @Test
    void anObjectOverManyLinesIsOneDocument() throws IOException {
        assertThat(documents("\n{\n \"a\": [\n  {\"x\": 1}\n ]\n}\n\n"))
                .containsExactly("2 {\n \"a\": [\n  {\"x\": 1}\n ]\n}");
    }

    @Test
    void aFirstLineThatNothingCouldCompleteTakesNoOtherWithIt() throws IOException {
        assertThat(documents("junk\n{\"n\":2}\n")).containsExactly("1 junk", "2 {\"n\":2}");
        assertThat(documents("{'n'}\n{\"n\":2}\n")).containsExactly("1 {'n'}", "2 {\"n\":2}");
    }

    @Test
    void aFirstLineThatWasCutTakesNoOtherWithIt() throws IOException {
        assertThat(documents("{\"n\":1\n{\"n\":2}\n{\"n\":3}\n"))
                .containsExactly("1 {\"n\":1", "2 {\"n\":2}", "3 {\"n\":3}");
        assertThat(documents("{\"n\":\"on\n{\"n\":2}"))
                .containsExactly("1 {\"n\":\"on", "2 {\"n\":2}");
    }

    @Test
    void piecesOfABrokenObjectAreNeverDocumentsOfTheirOwn() throws IOException {
        assertThat(documents("{\n\"a\": [\n{\"x\":1}\n{\"y\":2}\n]}\n")).hasSize(1);
    }

    @Test
    void aByteOrderMarkIsNoPartOfADocument() throws IOException {
        assertThat(documents("\uFEFF{\"n\":1}\n{\"n\":2}"))
                .containsExactly("1 {\"n\":1}", "2 {\"n\":2}");
    }

    @Test
    void aLineThatIsTooLongIsReadToItsEndAndNeverHeldWhole() throws IOException {
        var found = documents("{\"n\":\"" + "x".repeat(1000) + "\"}\n{\"n\":2}\n");

        assertThat(found).hasSize(2).last().isEqualTo("2 {\"n\":2}");
        assertThat(found.getFirst()).hasSize("1 ".length() + MAX_BYTES + 1);
    }

    @Test
    void nothingIsNoDocument() throws IOException {
        assertThat(documents("")).isEmpty();
        assertThat(documents("\n \r\n")).isEmpty();
    }
}
