package io.camspool.agent;

import io.camspool.Alert;
import io.camspool.Camspool;
import io.camspool.CamspoolConfig;
import io.camspool.CamspoolException;
import io.camspool.CamspoolException.Reason;
import io.camspool.Capture;
import io.camspool.Content;
import io.camspool.Encoded;
import io.camspool.ImageFormat;
import io.camspool.ImagePolicy;
import io.camspool.IntakeLimits;
import io.camspool.Opaque;
import io.camspool.Receipt;
import io.camspool.Stored;
import io.camspool.agent.json.ItemJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `camspool save`
@Command(
        name = "save",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        description =
                "Stores images, or other files by --type, and with --alert-json the alert they belong to. Prints a line for each once it is durable, in the order of the arguments.")
final class SaveCommand implements Callable<Integer> {
    private static final String STDIN = "-";
    private static final Content NO_IMAGE = Encoded.of(new byte[0]);
    private static final Pattern SIZE = Pattern.compile("([1-9][0-9]{0,4})x([1-9][0-9]{0,4})");

    @Spec private CommandSpec spec;

    @Mixin private DataOption data;

    @Mixin private ItemOptions item;

    @Option(
            names = "--camera",
            required = true,
            paramLabel = "NAME",
            description = "which camera took them")
    private String camera = "";

    @Option(
            names = "--quality",
            description =
                    "JPEG quality where an image must be made; else as configured, 85 by default")
    private @Nullable Integer quality;

    @Option(
            names = "--max-size",
            paramLabel = "WxH",
            description = "largest sides; else as configured, 1920x1080 by default")
    private @Nullable String maxSize;

    @Option(
            names = "--format",
            description =
                    "jpg or png; else what fits keeps its own, and what must be made smaller becomes jpg")
    private @Nullable String format;

    @Option(names = "--original", description = "keep every pixel and byte")
    private boolean original;

    @Option(
            names = "--type",
            paramLabel = "MEDIA/TYPE",
            description = "of files that are neither JPEG nor PNG, as video/mp4: kept as they are")
    private @Nullable String type;

    @Option(
            names = "--alert-json",
            paramLabel = "FILE",
            description =
                    "an alert, one JSON object, or - for stdin: stored with all that is named, together or not at all; --id is the alert's")
    private @Nullable String alertJson;

    @Option(names = "--json", description = "one JSON object a line")
    private boolean json;

    @Parameters(
            arity = "1..*",
            paramLabel = "FILE",
            description = "images, folders of images, or - for one on stdin; with --type: files")
    private List<String> inputs = List.of();

    /// Files in the folders that are no images.
    private int skipped;

    @Override
    public Integer call() throws IOException, InterruptedException {
        var err = spec.commandLine().getErr();
        var config = data.config();
        var template = template(policy(config.images()));
        var files = files();
        if (alertJson != null) {
            return saveTogether(config, alertJson, template, files);
        }
        if (item.id != null && files.size() > 1) {
            throw CamspoolException.invalid(
                    "--id", item.id, "with one image; these are " + files.size());
        }
        try (var spool = Camspool.open(config);
                var progress = new Progress(err, "saving")) {
            var report =
                    SaveReport.start(
                            (input, receipt, stored) -> print(spool, input, receipt, stored),
                            err,
                            progress,
                            files.size());
            for (var i = 0; i < files.size() && !report.hasFailed(); i++) {
                var input = files.get(i);
                try {
                    var capture = template.withContent(content(input));
                    report.accepted(input, Admission.whenThereIsRoom(() -> spool.save(capture)));
                } catch (CamspoolException | IOException e) {
                    report.refused(input, e);
                }
            }
            var exit = report.finish();
            tellSkipped();
            return exit;
        }
    }

    /// Stores an alert and its captures as one.
    private int saveTogether(
            CamspoolConfig config, String alertInput, Capture template, List<String> files)
            throws IOException {
        if (alertInput.equals(STDIN) && files.contains(STDIN)) {
            throw CamspoolException.invalid(
                    "--alert-json", alertInput, "a file, as FILE is on stdin");
        }
        var alert =
                item.of(
                        Alert.of(
                                        JsonDocuments.only(
                                                "--alert-json", alertInput, config.maxAlertBytes()))
                                .withCamera(camera));
        var captures = captures(template, files, config.intake().captureBytes());
        try (var spool = Camspool.open(config)) {
            var receipts = Admission.whenThereIsRoom(() -> spool.save(alert, captures));
            for (var i = 0; i < receipts.size(); i++) {
                var receipt = receipts.get(i);
                var input = i == 0 ? alertInput : files.get(i - 1);
                print(spool, input, receipt, receipt.await(SaveReport.STORE_LIMIT));
            }
        }
        tellSkipped();
        return ExitCode.DONE;
    }

    private List<Capture> captures(Capture template, List<String> files, long maxBytes)
            throws IOException {
        var captures = new ArrayList<Capture>();
        var bytes = 0L;
        for (var input : files) {
            var content = namedContent(input);
            bytes += content instanceof Encoded encoded ? encoded.image().byteSize() : 0;
            if (bytes > maxBytes) {
                throw CamspoolException.invalid(
                        "images with one alert",
                        "more than " + maxBytes,
                        "at most " + maxBytes + " bytes");
            }
            captures.add(template.withContent(content));
        }
        return captures;
    }

    private Content namedContent(String input) throws IOException {
        try {
            return content(input);
        } catch (CamspoolException e) {
            throw new CamspoolException(e.reason(), input + ": " + e.getMessage(), e);
        }
    }

    private void tellSkipped() {
        if (skipped > 0) {
            spec.commandLine()
                    .getErr()
                    .println("camspool: " + Texts.count(skipped, "other file") + " skipped");
        }
    }

    private void print(Camspool spool, String input, Receipt receipt, Stored stored) {
        var out = spec.commandLine().getOut();
        if (item.id != null) {
            item.noteIfOther(
                    spec.commandLine().getErr(),
                    spool.find(stored.id()),
                    Optional.of(camera),
                    item.alertId());
        }
        if (json) {
            var found = spool.find(stored.id()).orElseThrow();
            JsonLines.print(
                    out,
                    line -> {
                        ItemJson.PLAIN.write(line, found);
                        line.writeStringField("input", input);
                    });
            return;
        }
        out.println(
                receipt.path().map(Path::toString).orElse(stored.id().value())
                        + "  "
                        + Texts.bytes(stored.bytes())
                        + stored.change().map(change -> "  (" + change + ")").orElse(""));
        out.flush();
    }

    private ImagePolicy policy(ImagePolicy configured) {
        var policy = configured;
        if (quality != null) {
            var before = policy;
            int wanted = quality;
            policy = UsageErrors.naming("--quality", () -> before.withQuality(wanted));
        }
        if (maxSize != null) {
            policy = withMaxSize(policy, maxSize);
        }
        if (format != null) {
            var named = format;
            policy = policy.withFormat(UsageErrors.naming("--format", () -> ImageFormat.of(named)));
        }
        if (type != null && (original || quality != null || maxSize != null || format != null)) {
            throw CamspoolException.invalid(
                    "--type",
                    "with --quality, --max-size, --format or --original",
                    "alone, as such files are kept as they are");
        }
        if (original && (quality != null || maxSize != null || format != null)) {
            throw CamspoolException.invalid(
                    "--original",
                    "with --quality, --max-size or --format",
                    "either, as it keeps every pixel and byte");
        }
        return original ? policy.asOriginal() : policy;
    }

    private static ImagePolicy withMaxSize(ImagePolicy policy, String size) {
        var sides = SIZE.matcher(size.toLowerCase(Locale.ROOT));
        if (sides.matches()) {
            return policy.withMaxSize(
                    Integer.parseInt(sides.group(1)), Integer.parseInt(sides.group(2)));
        }
        throw CamspoolException.invalid(
                "--max-size", size, "width x height in pixels, as 1920x1080");
    }

    /// A capture of everything but its picture, so that wrong options are refused before anything
    /// is opened.
    private Capture template(ImagePolicy policy) {
        var plain =
                Capture.of(camera, type == null ? NO_IMAGE : Opaque.of(Path.of(""), type))
                        .withImages(policy);
        return alertJson == null ? item.of(plain) : item.ofGroup(plain);
    }

    private List<String> files() throws IOException {
        var files = new ArrayList<String>();
        for (var input : inputs) {
            if (input.isBlank()) {
                throw CamspoolException.invalid("FILE", input, "a file, a folder, or -");
            }
            var path = Path.of(input);
            if (type == null && !input.equals(STDIN) && Files.isDirectory(path)) {
                var images = imagesIn(path);
                files.addAll(images.isEmpty() ? List.of(input) : images);
            } else {
                files.add(input);
            }
        }
        return files;
    }

    private List<String> imagesIn(Path folder) throws IOException {
        try (var tree = Files.walk(folder)) {
            var files = tree.filter(Files::isRegularFile).map(Path::toString).toList();
            var images = files.stream().filter(SaveCommand::isImageName).sorted().toList();
            skipped += files.size() - images.size();
            return images;
        } catch (UncheckedIOException e) {
            throw new IOException(folder + ": " + e.getMessage(), e);
        }
    }

    private static boolean isImageName(String name) {
        var lower = name.toLowerCase(Locale.ROOT);
        return lower.endsWith(".jpg") || lower.endsWith(".jpeg") || lower.endsWith(".png");
    }

    private Content content(String input) throws IOException {
        if (type == null) {
            return Encoded.of(read(input));
        }
        if (input.equals(STDIN)) {
            throw new CamspoolException(
                    Reason.INVALID, "with --type a file must be named, not stdin");
        }
        return Opaque.of(Path.of(input), type);
    }

    private static byte[] read(String input) throws IOException {
        var limit = (int) IntakeLimits.DEFAULT.maxImageBytes();
        if (input.equals(STDIN)) {
            return checked(System.in.readNBytes(limit + 1), limit);
        }
        var path = Path.of(input);
        if (!Files.exists(path)) {
            throw new NoSuchFileException(input);
        }
        if (Files.isDirectory(path)) {
            throw new CamspoolException(Reason.INVALID, "this folder holds no .jpg, .jpeg or .png");
        }
        try (var in = Files.newInputStream(path)) {
            return checked(in.readNBytes(limit + 1), limit);
        }
    }

    private static byte[] checked(byte[] image, int limit) {
        if (image.length > limit) {
            throw CamspoolException.invalid(
                    "image size", "more than " + limit, "at most " + limit + " bytes");
        }
        return image;
    }
}
