package io.camspool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camspool.CamspoolException.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.zip.CRC32;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whatever is handed in: a clear error with what and why, nothing stored, nothing crashed.
final class BadInputTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final int CUTS = 20;
    private static final byte[] JPEG = Pictures.jpeg(320, 200, 1);
    private static final byte[] PNG = Pictures.png(320, 200, 2);

    @TempDir Path folder;
    private Path data;
    private Camspool spool;

    private CamspoolConfig config() {
        return CamspoolConfig.in(data).withBox("box-1").withZone(ZoneOffset.UTC);
    }

    @BeforeEach
    void open() {
        data = folder.resolve("data");
        spool = Camspool.open(config());
    }

    /// After each test, whatever it did: nothing is left of what was refused, and the spool works.
    @AfterEach
    void spoolStillWorks() throws IOException {
        var before = spool.status();
        var image = Pictures.jpeg(64, 48, 99);
        var stored = spool.save(Capture.of("good", Encoded.of(image)));
        spool.save(Alert.of("{\"good\":true}")).await(SOON);
        stored.await(SOON);
        assertThat(stored.path().orElseThrow()).hasBinaryContent(image);
        var after = spool.status();
        assertThat(after.health()).isEqualTo(Status.Health.GREEN);
        assertThat(after.captures().accepted().items())
                .isEqualTo(before.captures().accepted().items() + 1);
        assertThat(after.alerts().accepted().items())
                .isEqualTo(before.alerts().accepted().items() + 1);
        assertThat(after.intake().orElseThrow().pendingBytes()).isZero();
        assertThat(filesIn(data.resolve("captures/.incoming"))).isEmpty();
        assertThat(spool.verify(_ -> {}).problems()).isEmpty();
        spool.close();
        Camspool.open(config()).close();
    }

    private static List<Path> filesIn(Path place) throws IOException {
        try (var files = Files.walk(place)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    private void assertNothingStored() {
        var status = spool.status();
        assertThat(status.captures().accepted()).isEqualTo(Balance.Amount.NONE);
        assertThat(status.alerts().accepted()).isEqualTo(Balance.Amount.NONE);
        assertThat(status.intake().orElseThrow().pendingBytes()).isZero();
        assertThat(spool.captures(Query.ALL).items()).isEmpty();
        assertThat(spool.alerts(Query.ALL).items()).isEmpty();
        try {
            assertThat(filesIn(data.resolve("captures"))).isEmpty();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void refused(Reason reason, ThrowingCallable call, String... words) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        CamspoolException.class, e -> assertThat(e.reason()).isEqualTo(reason))
                .hasMessageContainingAll(words);
    }

    private static void invalid(ThrowingCallable call, String... words) {
        refused(Reason.INVALID, call, words);
    }

    private void invalidImage(byte[] image, String... words) {
        invalid(
                () -> spool.save(Capture.of("gate", Encoded.of(image))).await(SOON),
                words.length == 0 ? new String[] {"the image is not allowed"} : words);
    }

    private void invalidAlert(byte[] json, String... words) {
        invalid(() -> spool.save(Alert.of(json)).await(SOON), words);
    }

    private void invalidAlert(String json, String... words) {
        invalidAlert(json.getBytes(StandardCharsets.UTF_8), words);
    }

    private static int segmentOf(byte[] jpeg, int marker) {
        var at = 2;
        while ((jpeg[at + 1] & 0xFF) != marker) {
            at += 2 + (ByteBuffer.wrap(jpeg).getShort(at + 2) & 0xFFFF);
        }
        return at;
    }

    private static byte[] jpegDeclaring(int width, int height) {
        var image = JPEG.clone();
        var at = segmentOf(image, 0xC0);
        ByteBuffer.wrap(image).putShort(at + 5, (short) height).putShort(at + 7, (short) width);
        return image;
    }

    private static byte[] pngDeclaring(int width, int height) {
        var image = PNG.clone();
        ByteBuffer.wrap(image).putInt(16, width).putInt(20, height);
        var crc = new CRC32();
        crc.update(image, 12, 17);
        ByteBuffer.wrap(image).putInt(29, (int) crc.getValue());
        return image;
    }

    /// A JPEG of sound structure whose pixels are garbage.
    private static byte[] jpegOfGarbage(int width, int height, long seed) {
        var image = Pictures.jpeg(width, height, seed);
        var scan = segmentOf(image, 0xDA);
        var from = scan + 2 + ByteBuffer.wrap(image).getShort(scan + 2);
        var random = new SplittableRandom(seed);
        for (var at = from; at < image.length - 2; at++) {
            image[at] = (byte) random.nextInt(0xFF);
        }
        return image;
    }

    /// A JPEG of sound structure whose Huffman tables are nonsense.
    private static byte[] jpegWithoutTables(int width, int height) {
        var image = Pictures.jpeg(width, height, 1);
        var tables = segmentOf(image, 0xC4);
        Arrays.fill(image, tables + 5, tables + 21, (byte) 0xFE);
        return image;
    }

    /// A PNG of sound structure whose compressed pixels are garbage, with the right CRC.
    private static byte[] pngOfGarbage(int width, int height) {
        var image = Pictures.png(width, height, 1);
        var bytes = ByteBuffer.wrap(image);
        var at = 8;
        while (bytes.getInt(at + 4) != 0x49444154) { // IDAT
            at += 12 + bytes.getInt(at);
        }
        var length = bytes.getInt(at);
        Arrays.fill(image, at + 8, at + 8 + length, (byte) 0x5A);
        var crc = new CRC32();
        crc.update(image, at + 4, length + 4);
        bytes.putInt(at + 8 + length, (int) crc.getValue());
        return image;
    }

    @Test
    void anEmptyImageIsRefused() {
        invalidImage(new byte[0], "the image is not allowed", "it is empty");
        assertNothingStored();
    }

    @Test
    void aTruncatedJpegIsRefusedWhereverItIsCut() {
        for (var cut = 0; cut < CUTS; cut++) {
            invalidImage(Arrays.copyOf(JPEG, 4 + (JPEG.length - 5) * cut / (CUTS - 1)));
        }
        assertNothingStored();
    }

    @Test
    void aTruncatedPngIsRefusedWhereverItIsCut() {
        for (var cut = 0; cut < CUTS; cut++) {
            invalidImage(
                    Arrays.copyOf(PNG, 8 + (PNG.length - 9) * cut / (CUTS - 1)), "it is truncated");
        }
        assertNothingStored();
    }

    @Test
    void randomBytesAreRefused() {
        var random = new SplittableRandom(17);
        for (var i = 0; i < 60; i++) {
            var bytes = new byte[1 + random.nextInt(5_000)];
            random.nextBytes(bytes);
            if (i % 3 == 1) {
                System.arraycopy(JPEG, 0, bytes, 0, Math.min(4, bytes.length));
            } else if (i % 3 == 2) {
                System.arraycopy(PNG, 0, bytes, 0, Math.min(8, bytes.length));
            }
            invalidImage(bytes);
        }
        assertNothingStored();
    }

    @Test
    void otherFormatsAreRefusedByTheirBytes() {
        for (var start :
                List.of("GIF89a", "BM\0\0\0\0", "RIFF....WEBPVP8 ", "%PDF-1.7", "{\"a\":1}")) {
            invalidImage(
                    start.getBytes(StandardCharsets.US_ASCII),
                    "the image is not allowed: it is neither JPEG nor PNG",
                    "allowed: a whole JPEG or PNG");
        }
        assertNothingStored();
    }

    @Test
    void anImageOfNoPixelsIsRefused() {
        for (var sides : new int[][] {{0, 0}, {0, 10}, {10, 0}}) {
            invalidImage(jpegDeclaring(sides[0], sides[1]));
            invalidImage(
                    pngDeclaring(sides[0], sides[1]),
                    "it declares " + sides[0] + " x " + sides[1] + " pixels");
        }
        assertNothingStored();
    }

    @Test
    void anAbsurdlyLargeImageIsRefusedBeforeItIsDecoded() {
        invalidImage(jpegDeclaring(65_535, 65_535), "65535x65535", "at most 50000000 pixels");
        invalidImage(
                pngDeclaring(Integer.MAX_VALUE, Integer.MAX_VALUE),
                "2147483647x2147483647",
                "at most 50000000 pixels");
        invalidImage(pngDeclaring(Integer.MAX_VALUE, 1), "2147483647x1", "pixels");
        invalidImage(pngDeclaring(-1, -1));
        invalidImage(jpegDeclaring(10_000, 5_001), "10000x5001", "at most 50000000 pixels");
        invalid(
                () ->
                        spool.save(
                                Capture.of("gate", Encoded.of(jpegDeclaring(65_535, 65_535)))
                                        .withImages(ImagePolicy.DEFAULT.asOriginal())),
                "65535x65535");
        assertNothingStored();
    }

    @Test
    void anImageThatDeclaresMoreThanItHoldsNeverCrashes() {
        var image = jpegDeclaring(5_000, 3_000);
        var accepted = 0;
        try {
            spool.save(Capture.of("gate", Encoded.of(image))).await(SOON);
            accepted++;
        } catch (CamspoolException e) {
            assertThat(e.reason()).isEqualTo(Reason.INVALID);
        }
        invalidImage(pngDeclaring(5_000, 3_000), "the image can't be decoded");
        assertThat(spool.status().captures().accepted().items()).isEqualTo(accepted);
    }

    @Test
    void garbagePixelsThatMustBeDecodedAreStoredOrRefusedNeverACrash() {
        var accepted = 0;
        for (var seed = 0; seed < 6; seed++) {
            try {
                spool.save(Capture.of("gate", Encoded.of(jpegOfGarbage(2_000, 40, seed))))
                        .await(SOON);
                accepted++;
            } catch (CamspoolException e) {
                assertThat(e.reason()).isEqualTo(Reason.INVALID);
                assertThat(e).hasMessageContaining("the image can't be decoded: ");
            }
        }
        assertThat(spool.status().captures().accepted().items()).isEqualTo(accepted);
    }

    @Test
    void anImageThatDoesNotDecodeIsRefusedAndLeavesNothing() {
        invalidImage(jpegWithoutTables(2_000, 40), "the image can't be decoded: ");
        invalidImage(pngOfGarbage(2_000, 40), "the image can't be decoded: ");
        assertThat(spool.status().intake().orElseThrow().failed()).isEqualTo(2);
        assertNothingStored();
    }

    @Test
    void anAlertWhoseCaptureDoesNotDecodeIsNotStoredEither() {
        var good = Capture.of("gate", Encoded.of(Pictures.jpeg(64, 48, 3)));
        var bad = Capture.of("gate", Encoded.of(jpegWithoutTables(2_000, 40)));
        var receipts = spool.save(Alert.of("{}").withAlert("a-1"), List.of(good, bad, good));

        assertThat(receipts).hasSize(4);
        for (var receipt : receipts) {
            invalid(() -> receipt.await(SOON), "the image can't be decoded: ");
        }
        invalid(
                () ->
                        spool.save(
                                Alert.of("{}"),
                                List.of(good, Capture.of("gate", Encoded.of(new byte[9])))),
                "the image is not allowed");
        invalid(() -> spool.save(Alert.of("[]"), List.of(good)), "it is not an object");
        assertNothingStored();
    }

    @Test
    void mutatedImagesAreStoredOrRefusedNeverACrash() {
        var seed = 23L;
        var random = new SplittableRandom(seed);
        var policy = ImagePolicy.DEFAULT.withMaxSize(20, 20);
        var accepted = 0;
        for (var i = 0; i < 200; i++) {
            var image = i % 2 == 0 ? Pictures.jpeg(48, 40, i) : Pictures.png(48, 40, i);
            for (var change = 0; change <= i % 4; change++) {
                image[random.nextInt(image.length)] = (byte) random.nextInt();
            }
            try {
                spool.save(Capture.of("gate", Encoded.of(image)).withImages(policy)).await(SOON);
                accepted++;
            } catch (CamspoolException e) {
                assertThat(e.reason())
                        .as("seed %d, image %d: %s", seed, i, e)
                        .isEqualTo(Reason.INVALID);
            }
        }
        assertThat(spool.status().captures().accepted().items()).isEqualTo(accepted);
    }

    @Test
    void anImageLargerThanTheLimitIsRefused() {
        invalidImage(
                Arrays.copyOf(JPEG, 32_000_001),
                "image size",
                "32000001 is not allowed",
                "at most 32000000 bytes");
        assertNothingStored();
    }

    @Test
    void brokenJsonIsRefusedWithItsPlace() {
        for (var json :
                List.of(
                        "{",
                        "{\"a\":}",
                        "{\"a\":1,}",
                        "{a:1}",
                        "{\"a\":NaN}",
                        "{\"a\":\"x}",
                        "nope")) {
            invalidAlert(json, "the alert is not allowed: ", "(column ", "one JSON object");
        }
        invalidAlert("{\n\n  \"a\": ?\n}", "(its line 3, column ");
        invalidAlert("{\"a\":NaN}", "is not allowed: Non-standard token 'NaN' (column ");
        invalidAlert(
                "{\"a\":".repeat(101) + "1" + "}".repeat(101), "maximum allowed (100) (column ");
        assertNothingStored();
    }

    @Test
    void jsonThatIsNotOneObjectIsRefused() {
        for (var json : List.of("", " ", "[]", "[{}]", "1", "\"a\"", "null", "true")) {
            invalidAlert(json, "the alert is not allowed: it is not an object");
        }
        for (var json : List.of("{} {}", "{}\n{}", "{} []", "{}1")) {
            invalidAlert(json, "the alert is not allowed: something follows the object");
        }
        for (var json : List.of("{},", "{} x", "{}}", "{}\0")) {
            invalidAlert(json, "the alert is not allowed: ");
        }
        assertNothingStored();
    }

    @Test
    void jsonOverItsLimitsIsRefused() {
        invalidAlert(
                "{\"a\":".repeat(101) + "1" + "}".repeat(101), "the alert is not allowed", "100");
        invalidAlert("{\"a\":" + "[".repeat(400_000), "the alert is not allowed");
        invalidAlert(
                "{\"a\":\"" + "x".repeat(1_000_000) + "\"}",
                "alert size",
                "1000008 is not allowed",
                "at most 1000000 bytes");
        assertNothingStored();
    }

    @Test
    void jsonThatIsNotUtf8IsRefused() {
        var json = "{\"kind\":\"人é\"}";
        for (var charset :
                List.of(
                        StandardCharsets.UTF_16,
                        StandardCharsets.UTF_16LE,
                        StandardCharsets.UTF_16BE,
                        Charset.forName("UTF-32"),
                        Charset.forName("GBK"),
                        Charset.forName("windows-1252"))) {
            invalidAlert(json.getBytes(charset), "the alert is not allowed: ", "in UTF-8");
        }
        invalidAlert("\uFEFF" + json, "the alert is not allowed: ", "in UTF-8");
        assertNothingStored();
    }

    @Test
    void prioritiesAreZeroToNine() {
        var capture = Capture.of("gate", Encoded.of(JPEG));
        for (var priority : new int[] {-1, 10, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
            invalid(() -> capture.withPriority(priority), "priority: " + priority, "0 to 9");
            invalid(() -> Alert.of("{}").withPriority(priority), "priority: " + priority, "0 to 9");
        }
        assertNothingStored();
    }

    @Test
    void imagePoliciesAreCheckedWhole() {
        for (var quality : new int[] {0, 101, -1}) {
            invalid(
                    () -> ImagePolicy.DEFAULT.withQuality(quality),
                    "quality: " + quality,
                    "1 to 100");
        }
        invalid(() -> ImagePolicy.DEFAULT.withMaxSize(0, 10), "max-size: 0", "1 to 65500");
        invalid(() -> ImagePolicy.DEFAULT.withMaxSize(10, 65_501), "max-size: 65501");
        invalid(() -> ImagePolicy.DEFAULT.withMaxBytes(0), "max-bytes: 0");
        assertNothingStored();
    }

    @Test
    void anUnknownFormatIsRefusedByName() {
        for (var format : List.of("webp", "gif", "", "jpg ", "image/jpeg")) {
            invalid(
                    () -> ImageFormat.of(format),
                    "format: \"" + format + "\" is not allowed",
                    "jpg, png");
        }
        assertNothingStored();
    }

    @Test
    void namesMayNotBeBlankOrEndless() {
        var image = Encoded.of(JPEG);
        for (var name : List.of("", " ", "\t\n", "\u3000", "x".repeat(1025))) {
            invalid(() -> Capture.of(name, image), "camera: ", "1 to 1024 characters, not blank");
            invalid(() -> Capture.of("gate", image).withAlert(name), "alert: ", "not blank");
            invalid(() -> Alert.of("{}").withAlert(name), "alert: ", "not blank");
            invalid(() -> Alert.of("{}").withCamera(name), "camera: ", "not blank");
        }
        assertNothingStored();
    }

    @Test
    void labelsAreLimitedInNumberAndLength() {
        var capture = Capture.of("gate", Encoded.of(JPEG));
        var many = new HashMap<String, String>();
        for (var i = 0; i < 33; i++) {
            many.put("label-" + i, "x");
        }
        invalid(
                () ->
                        new Alert(
                                new byte[] {'{', '}'},
                                java.util.Optional.empty(),
                                java.util.Optional.empty(),
                                java.util.Optional.empty(),
                                many,
                                5,
                                java.util.Optional.empty(),
                                false),
                "labels: 33",
                "at most 32");
        invalid(() -> capture.withLabel("", "x"), "label name: ", "1 to 64 characters");
        invalid(() -> capture.withLabel(" ", "x"), "label name: ", "not blank");
        invalid(() -> capture.withLabel("n".repeat(65), "x"), "label name: ", "1 to 64 characters");
        invalid(
                () -> capture.withLabel("note", "v".repeat(1025)),
                "label note: ",
                "at most 1024 characters");
        var large = capture;
        for (var i = 10; i < 25; i++) {
            large = large.withLabel("label-" + i, "拍".repeat(361)); // 8 + 1,083 bytes each
        }
        var full = large.withLabel("rest", "x".repeat(15));
        invalid(() -> full.withLabel("rest", "x".repeat(16)), "labels: 16385", "16384 bytes");
        assertThat(capture.withLabel("empty", "").labels()).isEqualTo(Map.of("empty", ""));
        assertNothingStored();
    }

    @Test
    void timesOutsideFourDigitYearsAreRefused() {
        var capture = Capture.of("gate", Encoded.of(JPEG));
        for (var time : List.of(Instant.MIN, Instant.MAX, Instant.ofEpochSecond(-1))) {
            invalid(() -> capture.at(time), "time: ", "1970-01-01T00:00:00Z");
            invalid(() -> Alert.of("{}").at(time), "time: ", "9999-12-30T00:00:00Z");
        }
        assertNothingStored();
    }

    @Test
    void framesThatAreSmallerThanTheySayAreRefused() {
        invalid(
                () -> Frame.of(new byte[10 * 10 * 3 - 1], 10, 10, PixelFormat.BGR),
                "pixels: 299",
                "at least 300 bytes for 10x10 BGR with stride 30");
        invalid(() -> Frame.of(new byte[0], 10, 10, PixelFormat.GRAY), "pixels: 0", "100 bytes");
        invalid(
                () -> Frame.of(ByteBuffer.allocate(300).position(1), 10, 10, PixelFormat.RGB),
                "pixels: 299");
        invalid(
                () -> Frame.of(new byte[9], 65_500, 65_500, PixelFormat.BGR),
                "pixels: 9",
                "at least 12870750000 bytes");
        var pixels = java.lang.foreign.MemorySegment.ofArray(new byte[400]);
        invalid(
                () -> new Frame(pixels, 10, 10, 29, PixelFormat.BGR),
                "stride: 29",
                "at least 30 bytes a row");
        invalid(() -> new Frame(pixels, 10, 10, -30, PixelFormat.BGR), "stride: -30");
        invalid(() -> new Frame(pixels, 10, 10, 50, PixelFormat.BGR), "at least 480 bytes");
        assertNothingStored();
    }

    @Test
    void framesWithoutOrWithTooLongSidesAreRefused() {
        var pixels = new byte[300];
        for (var side : new int[] {0, -1, 65_501, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
            invalid(
                    () -> Frame.of(pixels, side, 10, PixelFormat.BGR),
                    "width: " + side,
                    "1 to 65500 pixels");
            invalid(() -> Frame.of(pixels, 10, side, PixelFormat.BGR), "height: " + side);
        }
        assertNothingStored();
    }

    @Test
    void aFrameThatCanNeverFitTheIntakeIsRefusedAtOnce() {
        spool.close();
        spool =
                Camspool.open(
                        config().withIntake(IntakeLimits.DEFAULT.withCaptureBytes(1_000_000)));
        var frame = Frame.of(new byte[1000 * 500 * 3], 1000, 500, PixelFormat.BGR);

        invalid(
                () -> spool.save(Capture.of("gate", frame)),
                "1508356 is not allowed",
                "at most 1000000 bytes (intake.memory)");
        assertNothingStored();
    }

    @Test
    void settingsOutOfRangeAreRefused() {
        invalid(() -> config().withBox(""), "box: \"\"");
        invalid(() -> config().withBox("../x"), "box: \"../x\"");
        invalid(() -> Query.ALL.limitedTo(0), "limit: 0", "1 to 1000");
        invalid(() -> Query.ALL.limitedTo(1001), "limit: 1001");
        invalid(() -> spool.captures(Query.ALL.after("nonsense")), "cursor: \"nonsense\"");
        invalid(() -> new ItemId("../x"), "id: \"../x\"");
        assertNothingStored();
    }

    @Test
    void whatIsNotHeldIsNotFound() {
        var id = new ItemId("nobody");
        refused(Reason.NOT_FOUND, () -> spool.read(id).close(), "nobody");
        assertThat(spool.find(id)).isEmpty();
        assertThat(spool.find("nobody", "nothing")).isEmpty();
        assertNothingStored();
    }

    @Test
    void afterClosingNothingIsAccepted() {
        spool.close();
        refused(Reason.CLOSED, () -> spool.save(Capture.of("gate", Encoded.of(JPEG))), "closed");
        refused(Reason.CLOSED, () -> spool.save(Alert.of("{}")), "closed");
        spool = Camspool.open(config());
        assertNothingStored();
    }

    @Test
    void aDataFolderThatIsAFileIsRefusedAndKept() throws IOException {
        var file = Files.writeString(folder.resolve("file"), "precious");
        for (var place : List.of(file, file.resolve("data"), file.resolve("a/b"))) {
            refused(
                    Reason.STORAGE,
                    () -> Camspool.open(CamspoolConfig.in(place)),
                    "data folder",
                    place.toString(),
                    "check the path");
        }
        assertThat(file).hasContent("precious");
        assertNothingStored();
    }

    @Test
    void aFolderThatCannotBeMadeIsRefused() {
        var place = Path.of("/proc/camspool/data");
        refused(
                Reason.STORAGE,
                () -> Camspool.open(CamspoolConfig.in(place)),
                "data folder",
                place.toString(),
                "check the path and its permissions");
        assertNothingStored();
    }

    @Test
    void aFolderThatCannotBeWrittenToIsRefused() {
        // There for everybody, writable for nobody, not even root.
        var place = Path.of("/proc/self");
        refused(Reason.STORAGE, () -> Camspool.open(CamspoolConfig.in(place)), place.toString());
        assertNothingStored();
    }

    @Test
    void capturesThatAreAFileAreRefusedAndTheFolderIsLetGo() throws IOException {
        var other = Files.createDirectory(folder.resolve("other"));
        var file = Files.writeString(other.resolve("captures"), "precious");
        refused(
                Reason.STORAGE,
                () -> Camspool.open(CamspoolConfig.in(other)),
                file.toString(),
                "check the path");
        assertThat(file).hasContent("precious");
        Files.delete(file);
        Camspool.open(CamspoolConfig.in(other)).close();
    }

    @Test
    void aLedgerThatIsNoDatabaseIsRefusedAndKept() throws IOException {
        var other = Files.createDirectory(folder.resolve("other"));
        var garbage = new byte[10_000];
        new SplittableRandom(3).nextBytes(garbage);
        var ledger = Files.write(other.resolve("ledger.db"), garbage);
        for (var i = 0; i < 3; i++) {
            assertThatThrownBy(() -> Camspool.open(CamspoolConfig.in(other)))
                    .isInstanceOfSatisfying(
                            CamspoolException.class,
                            e -> assertThat(e.reason()).isIn(Reason.FORMAT, Reason.STORAGE))
                    .hasMessageContaining(ledger.toString())
                    .hasMessageContaining("not a database");
            assertThatThrownBy(() -> SpoolReader.open(other).close())
                    .isInstanceOf(CamspoolException.class)
                    .hasMessageContaining("not a database");
        }
        assertThat(ledger).hasBinaryContent(garbage);
        Files.delete(ledger);
        Camspool.open(CamspoolConfig.in(other)).close();
    }

    @Test
    void aDatabaseOfSomethingElseIsRefusedAndKept() throws Exception {
        var other = Files.createDirectory(folder.resolve("other"));
        var ledger = other.resolve("ledger.db");
        try (var connection = java.sql.DriverManager.getConnection("jdbc:sqlite:" + ledger);
                var statement = connection.createStatement()) {
            statement.execute("CREATE TABLE birds (name TEXT)");
        }
        refused(
                Reason.FORMAT,
                () -> Camspool.open(CamspoolConfig.in(other)),
                ledger.toString(),
                "not a ledger");
        refused(Reason.FORMAT, () -> SpoolReader.open(other).close(), "not a ledger");
        try (var connection = java.sql.DriverManager.getConnection("jdbc:sqlite:" + ledger);
                var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT count(*) FROM sqlite_schema")) {
            assertThat(rows.getInt(1)).isEqualTo(1);
        }
    }

    @Test
    void readingAFolderWithoutASpoolMakesNothing() throws IOException {
        var nothing = folder.resolve("nothing");
        refused(
                Reason.NOT_FOUND,
                () -> SpoolReader.open(nothing).close(),
                nothing.toString(),
                "holds no spool");
        assertThat(nothing).doesNotExist();
        assertNothingStored();
    }
}
