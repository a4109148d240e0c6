package io.camspool.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.camspool.Camspool;
import io.camspool.CamspoolConfig;
import io.camspool.ChildProcess;
import io.camspool.Pictures;
import io.camspool.Query;
import io.camspool.StoredItem;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Files come in bursts, some written slowly, some renamed in, some with an alert beside them, and
/// `camspool watch` is killed twice meanwhile: each file is taken once.
/// `-Dcamspool.watch.files=5000` drops more; `-Dcamspool.seed=N` replays.
final class WatchKillTest {
    private static final int FILES = Integer.getInteger("camspool.watch.files", 600);
    private static final int BURST = 50;
    private static final int KILLS = 2;

    @TempDir Path home;
    private final List<String> killedAt = new ArrayList<>();

    @Test
    void eachFileIsTakenOnceWhateverIsKilled() throws Exception {
        var seed = Long.getLong("camspool.seed", System.nanoTime());
        System.out.println("seed " + seed + ", files " + FILES);
        var begun = System.nanoTime();
        var folder = Files.createDirectories(home.resolve("in"));
        var data = home.resolve("data");
        var failure = new AtomicReference<Throwable>();
        var writer = new Thread(() -> drop(folder, new SplittableRandom(seed), failure), "writer");
        var process = watch(folder, data);
        writer.start();
        for (var kill = 1; kill <= KILLS; kill++) {
            // Under way by then: some are stored, some not, some stored and not deleted.
            awaitTaken(process, FILES * kill / (KILLS + 2));
            process.toHandle().destroyForcibly();
            process.waitFor();
            killedAt.add(left(folder) + " files left at kill " + kill);
            process = watch(folder, data);
        }
        writer.join();
        assertThat(failure.get()).isNull();
        process.toHandle().destroy();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        var last = watch(folder, data, "--once");
        drain(last);
        assertThat(last.waitFor()).isZero();

        System.out.println(killedAt);
        System.out.println("took " + Duration.ofNanos(System.nanoTime() - begun));
        assertThat(left(folder)).isZero();
        assertThat(folder.resolve(".refused")).doesNotExist();
        assertTakenOnce(data);
    }

    private static Process watch(Path folder, Path data, String... more) throws IOException {
        var arguments =
                new ArrayList<>(
                        List.of(
                                "watch",
                                folder.toString(),
                                "--data",
                                data.toString(),
                                "--settle",
                                "400ms",
                                "--sidecar-wait",
                                "300ms",
                                "--pattern",
                                "{camera}/**/{alert}.*"));
        arguments.addAll(List.of(more));
        return ChildProcess.start(
                Main.class, List.of("-Xmx256m"), arguments.toArray(String[]::new));
    }

    /// Reads what it says until it has taken so many.
    private static void awaitTaken(Process process, int files)
            throws IOException, InterruptedException, TimeoutException {
        var seen = new CountDownLatch(files);
        var reader = process.inputReader();
        Thread.ofVirtual()
                .start(
                        () -> {
                            try {
                                while (reader.readLine() != null) {
                                    seen.countDown();
                                }
                            } catch (IOException _) {
                                // it was killed
                            }
                        });
        if (!seen.await(90, TimeUnit.SECONDS)) {
            throw new TimeoutException(seen.getCount() + " files were not taken");
        }
    }

    private static void drain(Process process) throws IOException {
        process.getInputStream().transferTo(OutputStream.nullOutputStream());
    }

    private static byte[] photo(int n) {
        var photo = Pictures.jpeg(64, 48, n % 20);
        var marked = Arrays.copyOf(photo, photo.length + 4);
        for (var i = 0; i < 4; i++) {
            marked[photo.length + i] = (byte) (n >> (8 * i));
        }
        return marked;
    }

    private static void drop(
            Path folder, SplittableRandom random, AtomicReference<Throwable> failure) {
        try {
            for (var n = 0; n < FILES; n++) {
                drop(folder, n, random);
                if (n % BURST == BURST - 1) {
                    Thread.sleep(random.nextInt(20, 250));
                }
            }
        } catch (IOException | InterruptedException | RuntimeException | Error e) {
            failure.set(e);
        }
    }

    private static void drop(Path folder, int n, SplittableRandom random)
            throws IOException, InterruptedException {
        var place =
                Files.createDirectories(
                        folder.resolve("camera-" + n % 7).resolve("2026-11").resolve("" + n / 100));
        var file = place.resolve("a%05d.jpg".formatted(n));
        var photo = photo(n);
        if (n % 5 == 4) {
            Files.writeString(place.resolve("a%05d.json".formatted(n)), "{\"n\":" + n + "}");
        }
        switch (n % 3) {
            case 0 -> Files.write(file, photo);
            case 1 -> {
                var aside = Files.write(place.resolve("a%05d.jpg.part".formatted(n)), photo);
                Files.move(aside, file);
            }
            default -> {
                try (var out = Files.newOutputStream(file)) {
                    out.write(photo, 0, photo.length / 2);
                    if (random.nextInt(20) == 0) {
                        Thread.sleep(random.nextInt(50, 300));
                    }
                    out.write(photo, photo.length / 2, photo.length - photo.length / 2);
                }
            }
        }
    }

    private static long left(Path folder) throws IOException {
        try (var tree = Files.walk(folder)) {
            return tree.filter(Files::isRegularFile).count();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static void assertTakenOnce(Path data) {
        try (var spool = Camspool.open(CamspoolConfig.in(data))) {
            var captures = new ArrayList<StoredItem>();
            var alerts = new ArrayList<StoredItem>();
            for (var query = Query.ALL.limitedTo(1_000); ; ) {
                var page = spool.captures(query);
                captures.addAll(page.items());
                if (page.next().isEmpty()) {
                    break;
                }
                query = query.after(page.next().get());
            }
            for (var query = Query.ALL.limitedTo(1_000); ; ) {
                var page = spool.alerts(query);
                alerts.addAll(page.items());
                if (page.next().isEmpty()) {
                    break;
                }
                query = query.after(page.next().get());
            }
            assertThat(captures).hasSize(FILES);
            assertThat(captures.stream().map(StoredItem::sha256).collect(Collectors.toSet()))
                    .hasSize(FILES);
            assertThat(names(captures)).hasSize(FILES);
            assertThat(alerts).hasSize(FILES / 5);
            assertThat(names(alerts)).hasSize(FILES / 5);
            assertThat(spool.verify(_ -> {}).problems()).isEmpty();
        }
    }

    private static Set<String> names(List<StoredItem> items) {
        return items.stream().map(item -> item.alertId().orElseThrow()).collect(Collectors.toSet());
    }
}
