package io.camspool.internal.engine;

import io.camspool.CamspoolException;
import io.camspool.ItemKind;
import io.camspool.StoredItem;
import io.camspool.Verification;
import io.camspool.Verification.Kind;
import io.camspool.Verification.Problem;
import io.camspool.internal.archive.Archive;
import io.camspool.internal.disk.Sha256;
import io.camspool.internal.ledger.Reads;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

/// Re-reads everything and changes nothing. Beside a running owner an item may go while it is
/// looked at: what looks wrong is asked for again before it is called a problem.
final class Verifier {
    private static final int PAGE = 500;

    private final Reads reads;
    private final Archive archive;
    private final Throttle throttle;
    private final LongConsumer progress;
    private final List<Problem> problems = new ArrayList<>();
    private long problemCount;
    private long checked;

    Verifier(Reads reads, Archive archive, Throttle throttle, LongConsumer progress) {
        this.throttle = throttle;
        this.reads = reads;
        this.archive = archive;
        this.progress = progress;
    }

    Verification run() {
        var last = 0L;
        for (var page = reads.after(last, PAGE); !page.isEmpty(); page = reads.after(last, PAGE)) {
            for (var item : page) {
                check(item);
                throttle.pass(item.bytes());
                checked++;
                last = item.seq();
                progress.accept(checked);
            }
        }
        findForeignFiles();
        reads.imbalances().forEach(found -> report(Kind.UNBALANCED, "balance", found));
        return new Verification(checked, problems, problemCount);
    }

    private void check(StoredItem item) {
        try (var in = open(item)) {
            if (!Sha256.of(in).equals(item.sha256()) && isHeld(item)) {
                report(
                        Kind.DAMAGED,
                        item.id().value(),
                        "its bytes do not match its SHA-256 " + item.sha256());
            }
        } catch (NoSuchFileException e) {
            if (isHeld(item)) {
                report(Kind.MISSING, item.id().value(), "no file " + e.getMessage());
            }
        } catch (IOException e) {
            if (isHeld(item)) {
                report(Kind.DAMAGED, item.id().value(), "can't be read: " + e.getMessage());
            }
        }
    }

    private boolean isHeld(StoredItem item) {
        return reads.find(item.id()).isPresent();
    }

    private InputStream open(StoredItem item) throws IOException {
        if (item.kind() == ItemKind.CAPTURE) {
            var path = reads.path(item.id());
            if (path.isEmpty()) {
                throw new NoSuchFileException(item.id().value());
            }
            return archive.open(item.id(), path.get());
        }
        return reads.openJson(item.id());
    }

    private void findForeignFiles() {
        try {
            archive.forEachStray(stray -> report(Kind.FOREIGN, stray, "it is no date folder"));
            for (var day : archive.days()) {
                archive.forEachFileOf(
                        day,
                        path -> {
                            // A row outlives its file: what has none now was listed before it went.
                            if (!reads.knowsPath(path) && archive.isThere(path)) {
                                report(Kind.FOREIGN, path, "no item has this file");
                            }
                        });
            }
        } catch (IOException e) {
            throw CamspoolException.storage(
                    "list", "the captures", e, "check the disk and its permissions");
        }
    }

    private void report(Kind kind, String subject, String detail) {
        problemCount++;
        if (problems.size() < Verification.MAX_PROBLEMS) {
            problems.add(new Problem(kind, subject, detail));
        }
    }
}
