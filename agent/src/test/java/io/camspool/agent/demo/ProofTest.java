package io.camspool.agent.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.camspool.ItemKind;
import io.camspool.agent.Sha256;
import io.camspool.agent.demo.Proof.Promise;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProofTest {
    private static final String IMAGE = "box~abc/20261123/gate-1_alert-42_img1.jpg";
    private static final String EVENT = "box~abc/alerts/20261123/evt1.json";
    private static final String DATA =
            "{\"event\":\"motion\", \"id\":\"not-this-one\",\"部\":[1,{}]}";

    @TempDir Path cloud;

    private final Map<String, Promise> promises = new HashMap<>();

    @BeforeEach
    void oneImageAndOneAlertArrived() throws IOException {
        write(IMAGE, "pixels");
        write(EVENT, event("evt1", DATA));
        promises.put("img1", promise(ItemKind.CAPTURE, "pixels"));
        promises.put("evt1", promise(ItemKind.ALERT, DATA));
    }

    @Test
    void holdsWhenEachAcceptedItemIsThereOnce() throws IOException {
        var proof = count();

        assertThat(proof.inWords()).isEqualTo("accepted 2, delivered 2, lost 0, doubled 0");
        assertThat(proof.holds()).isTrue();
        assertThat(proof.captures()).isEqualTo(new Proof.Count(1, 1, 6));
        assertThat(proof.alerts().files()).isEqualTo(1);
    }

    @Test
    void missingImageIsLost() throws IOException {
        Files.delete(cloud.resolve(IMAGE));

        assertBroken("accepted 2, delivered 1, lost 1, doubled 0");
    }

    @Test
    void missingAlertIsLost() throws IOException {
        Files.delete(cloud.resolve(EVENT));

        assertBroken("accepted 2, delivered 1, lost 1, doubled 0");
    }

    @Test
    void imageWithOneOtherByteIsLost() throws IOException {
        write(IMAGE, "pixelz");

        assertBroken("accepted 2, delivered 1, lost 1, doubled 0");
    }

    @Test
    void cutOffImageIsLost() throws IOException {
        write(IMAGE, "");

        assertBroken("accepted 2, delivered 1, lost 1, doubled 0");
    }

    @Test
    void alertWithChangedDataIsLost() throws IOException {
        write(EVENT, event("evt1", DATA.replace("motion", "Motion")));

        assertBroken("accepted 2, delivered 1, lost 1, doubled 0");
    }

    @Test
    void alertWithReformattedDataIsLost() throws IOException {
        write(EVENT, event("evt1", DATA.replace(", ", ",")));

        assertBroken("accepted 2, delivered 1, lost 1, doubled 0");
    }

    @Test
    void cutOffAlertIsLostAndItsFileForeign() throws IOException {
        write(EVENT, event("evt1", DATA).substring(0, 70));

        assertBroken("accepted 2, delivered 1, lost 1, doubled 1");
    }

    @Test
    void alertWithoutDataIsLost() throws IOException {
        write(EVENT, "{\"id\":\"evt1\"}");

        assertBroken("accepted 2, delivered 1, lost 1, doubled 0");
    }

    @Test
    void secondFileOfAnImageIsDoubled() throws IOException {
        write("box~abc/20261124/gate-1_img1.jpg", "pixels");

        assertBroken("accepted 2, delivered 2, lost 0, doubled 1");
    }

    @Test
    void secondFileOfAnAlertIsDoubledWhateverItsName() throws IOException {
        write("box~abc/alerts/20261123/evt2.json", event("evt1", DATA));

        assertBroken("accepted 2, delivered 2, lost 0, doubled 1");
    }

    @Test
    void fileThatNoReceiptKnowsIsDoubled() throws IOException {
        write("box~abc/20261123/gate-1_img2.jpg", "pixels");
        write("notes.txt", "hello");

        assertBroken("accepted 2, delivered 2, lost 0, doubled 2");
    }

    @Test
    void damagedFileBesideAGoodOneIsDoubledAndNotLost() throws IOException {
        write("box~abc/20261124/gate-1_img1.jpg", "pixelz");

        assertBroken("accepted 2, delivered 2, lost 0, doubled 1");
    }

    @Test
    void acceptedItemThatWasNeverSaidToBeStoredIsLost() throws IOException {
        promises.put("img1", new Promise(ItemKind.CAPTURE, Optional.empty()));

        assertBroken("accepted 2, delivered 1, lost 1, doubled 0");
    }

    @Test
    void fileWrittenAsideIsNotDelivered() throws IOException {
        Files.createDirectory(cloud.resolve(".incoming"));
        Files.move(cloud.resolve(IMAGE), cloud.resolve(".incoming/gate-1_img1.jpg"));

        assertBroken("accepted 2, delivered 1, lost 1, doubled 0");
        assertThat(count().unfinished()).isEqualTo(1);
    }

    @Test
    void provesNothingWhenNothingWasAccepted() throws IOException {
        promises.clear();
        Files.delete(cloud.resolve(IMAGE));
        Files.delete(cloud.resolve(EVENT));

        assertBroken("accepted 0, delivered 0, lost 0, doubled 0");
    }

    private void assertBroken(String words) throws IOException {
        var proof = count();
        assertThat(proof.inWords()).isEqualTo(words);
        assertThat(proof.holds()).isFalse();
    }

    private Proof count() throws IOException {
        return Proof.count(cloud, promises);
    }

    private void write(String name, String content) throws IOException {
        var file = cloud.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    private static String event(String id, String data) {
        return "{\"specversion\":\"1.0\",\"id\":\"%s\",\"source\":\"/spool\",\"data\":%s}"
                .formatted(id, data);
    }

    private static Promise promise(ItemKind kind, String stored) {
        var hash = Sha256.of(stored.getBytes(StandardCharsets.UTF_8));
        return new Promise(kind, Optional.of(hash));
    }
}
