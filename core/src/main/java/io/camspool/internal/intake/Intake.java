package io.camspool.internal.intake;

import io.camspool.Alert;
import io.camspool.CamspoolConfig;
import io.camspool.CamspoolException;
import io.camspool.CamspoolException.Reason;
import io.camspool.Capture;
import io.camspool.IntakeLimits;
import io.camspool.ItemId;
import io.camspool.Receipt;
import io.camspool.Status.IntakeStatus;
import io.camspool.internal.archive.Archive;
import io.camspool.internal.disk.Reserve;
import io.camspool.internal.intake.Group.Member;
import io.camspool.internal.ledger.Ledger;
import io.camspool.internal.ledger.NewItem;
import io.camspool.internal.report.Report;
import io.camspool.internal.report.Report.Step;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/// Accepts what is handed in, or says why not. Thread-safe.
///
/// Everything that can be known without decoding is checked on the caller's thread
/// ([CapturePlans]), before room is taken. Then the content is copied once ([Copies]), and the line
/// takes over.
public final class Intake implements AutoCloseable {
    private final InstantSource clock;
    private final Candidates candidates;
    private final Repeats repeats;
    private final CapturePlans plans;
    private final Copies copies;
    private final LazyCodec codec;
    private final AlertJson alertJson;
    private final Budget captureBudget;
    private final Budget alertBudget;
    private final FramePool pool;
    private final StoreLine line;
    private final Ledger ledger;
    private final TurnedAway turnedAway = new TurnedAway();
    private final Report report;
    private final Set<Group> underWay = new HashSet<>();
    private final Reserve reserve;
    private int copying;
    private boolean closed;

    /// @param ids gives each item its id
    /// @param codec loaded when the first image must be made
    /// @param crashed what must not be decoded
    /// @param report told what becomes of items
    public Intake(
            CamspoolConfig config,
            Archive archive,
            Ledger ledger,
            Placing placing,
            InstantSource clock,
            Supplier<ItemId> ids,
            LazyCodec codec,
            Reserve reserve,
            CrashedInputs crashed,
            Report report) {
        this.report = report;
        this.ledger = ledger;
        this.clock = clock;
        var files = new FileTaker(archive, config.intake().maxOpaqueBytes());
        this.plans = new CapturePlans(config, files, crashed);
        this.candidates = new Candidates(config, archive, files, ids);
        this.repeats = new Repeats(ledger.reads()::known, archive);
        this.codec = codec;
        this.reserve = reserve;
        var limits = config.intake();
        this.alertJson = new AlertJson(config.maxAlertBytes(), config.maxAlertDepth());
        this.captureBudget =
                new Budget("intake.memory", limits.captureBytes(), limits.admissionWait());
        this.alertBudget =
                new Budget("intake.alert-memory", limits.alertBytes(), limits.admissionWait());
        this.pool = new FramePool(limits.captureBytes());
        this.copies = new Copies(pool, files);
        this.line =
                new StoreLine(
                        archive,
                        ledger,
                        placing,
                        pool,
                        codec,
                        reserve,
                        crashed,
                        repeats::ifFree,
                        this::leave,
                        report);
    }

    public Receipt save(Capture capture) {
        return counted(Optional.empty(), List.of(capture)).getFirst();
    }

    public Receipt save(Alert alert) {
        return counted(Optional.of(alert), List.of()).getFirst();
    }

    public List<Receipt> save(Alert alert, List<Capture> captures) {
        var named =
                captures.stream()
                        .map(
                                capture ->
                                        capture.alertId().isEmpty() && alert.alertId().isPresent()
                                                ? capture.withAlert(alert.alertId().get())
                                                : capture)
                        .toList();
        return counted(Optional.of(alert), named);
    }

    private List<Receipt> counted(Optional<Alert> alert, List<Capture> captures) {
        try {
            return admit(alert, captures);
        } catch (RuntimeException | Error e) {
            turnedAway.count(
                    asCamspoolException(e).reason(), alert.stream().count() + captures.size());
            throw e;
        }
    }

    private List<Receipt> admit(Optional<Alert> alert, List<Capture> captures) {
        alert.ifPresent(event -> alertJson.check(event.json()));
        var planned = captures.stream().map(plans::plan).toList();
        refuseWhenClosed();
        if (!captures.isEmpty()) {
            reserve.requireRoomForImages();
        }
        var now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        var asking = candidates.of(alert, planned, now);
        var earlier = repeats.claim(asking);
        if (earlier.isPresent()) {
            return earlier.get();
        }
        try {
            return admit(alert, planned, asking);
        } catch (RuntimeException | Error e) {
            repeats.release(asking);
            var failure = asCamspoolException(e);
            asking.forEach(candidate -> candidate.receipt().fail(failure)); // a repeat may wait
            throw e;
        }
    }

    static CamspoolException asCamspoolException(Throwable e) {
        return e instanceof CamspoolException known
                ? known
                : CamspoolException.storage("save", "the item", e, "nothing was stored");
    }

    private List<Receipt> admit(
            Optional<Alert> alert, List<CapturePlan> planned, List<Candidate> asking) {
        var captureBytes = 0L;
        for (var plan : planned) {
            var capture = plan.capture();
            captureBytes +=
                    FramePool.sizeOf(plan.mostBytes())
                            + NewItem.nameBytes(
                                    Optional.of(capture.camera()),
                                    capture.alertId(),
                                    capture.labels())
                            + IntakeLimits.ITEM_OVERHEAD_BYTES;
        }
        var alertBytes =
                alert.map(
                                event ->
                                        event.json().length
                                                + NewItem.nameBytes(
                                                        event.camera(),
                                                        event.alertId(),
                                                        event.labels())
                                                + IntakeLimits.ITEM_OVERHEAD_BYTES)
                        .orElse(0L);
        takeRoom(captureBytes, alertBytes);
        var members = new ArrayList<Member>();
        beginCopying();
        try {
            refuseWhenClosed();
            copies.add(members, alert, planned, asking, this::refuseToCopy);
            var group = new Group(members, captureBytes, alertBytes);
            var receipts = group.receipts();
            members.forEach(member -> report.accepted(member.kind(), member.camera()));
            enter(group);
            line.add(group); // from here on the group gives back what it holds
            return receipts;
        } catch (RuntimeException | Error e) {
            giveBack(members, captureBytes, alertBytes);
            throw e;
        } finally {
            endCopying();
        }
    }

    private void takeRoom(long captureBytes, long alertBytes) {
        var began = report.now();
        try {
            // Frames wait the longest: meanwhile the group holds no room that other alerts need.
            captureBudget.take(captureBytes);
            try {
                alertBudget.take(alertBytes);
            } catch (CamspoolException e) {
                captureBudget.give(captureBytes);
                throw e;
            }
        } finally {
            report.took(Step.ADMISSION, began);
        }
    }

    /// The folder stays claimed while a file is copied into it.
    private void beginCopying() {
        synchronized (underWay) {
            copying++;
        }
    }

    private void endCopying() {
        synchronized (underWay) {
            copying--;
            underWay.notifyAll();
        }
    }

    private void giveBack(List<Member> members, long captureBytes, long alertBytes) {
        for (var member : members) {
            if (member.picture != null) {
                pool.give(member.picture.buffer);
            } else if (member.file != null) {
                member.file.letGo();
                line.discard(member.candidate);
            }
        }
        captureBudget.give(captureBytes);
        alertBudget.give(alertBytes);
    }

    /// A file that is being copied must not take what is given up for alerts.
    private void refuseToCopy() {
        refuseWhenClosed();
        reserve.requireRoomForImages();
    }

    private void refuseWhenClosed() {
        synchronized (underWay) {
            if (closed) {
                throw closed();
            }
        }
    }

    private static CamspoolException closed() {
        return new CamspoolException(Reason.CLOSED, "the spool is closed; open it again to save");
    }

    /// Counts a group as under way, unless the intake has been closed meanwhile.
    private void enter(Group group) {
        synchronized (underWay) {
            if (closed) {
                throw closed();
            }
            underWay.add(group);
        }
    }

    /// May be called again for a group where it threw.
    private void leave(Group group) {
        if (group.leave()) {
            captureBudget.give(group.captureBytes());
            alertBudget.give(group.alertBytes());
            count(group);
        }
        repeats.release(group.candidates());
        synchronized (underWay) {
            underWay.remove(group);
            underWay.notifyAll();
        }
    }

    private void count(Group group) {
        var failure = group.failure();
        for (var member : group.members()) {
            if (failure.isPresent()) {
                report.failed(member.kind(), member.camera());
            } else {
                report.stored(member.kind(), member.camera(), member.candidate.time());
            }
        }
        failure.ifPresent(why -> turnedAway.count(why.reason(), group.members().size()));
    }

    /// Why images can't be stored, in words; empty: they can.
    public Optional<String> trouble() {
        return reserve.trouble().or(line::trouble);
    }

    /// Ends troubles that are over; to be called now and then.
    public void keepUp() {
        reserve.restore();
        line.keepUp();
        keepCounts();
    }

    /// Writes down what was refused or failed since the last time.
    public void keepCounts() {
        var counts = turnedAway.take();
        if (counts.isEmpty()) {
            return;
        }
        // The next time must not wait for this one.
        var _ =
                ledger.countTurnedAway(counts)
                        .whenComplete(
                                (_, failure) -> {
                                    if (failure != null) {
                                        turnedAway.giveBack(counts);
                                    }
                                });
    }

    /// What was refused or failed and is not written down yet.
    public Map<Reason, Long> turnedAway() {
        return turnedAway.counts();
    }

    public IntakeStatus status() {
        return new IntakeStatus(
                captureBudget.taken() + alertBudget.taken(),
                captureBudget.capacity() + alertBudget.capacity(),
                captureBudget.waited() + alertBudget.waited(),
                captureBudget.refused() + alertBudget.refused(),
                report.failed(),
                codec.name(),
                List.of(
                        captureBudget.pool("captures on their way"),
                        alertBudget.pool("alerts on their way"),
                        pool.pool()));
    }

    /// Accepts nothing more, and waits until all that was accepted is stored or has failed; the ids
    /// of what the limit left.
    public List<ItemId> drain(Duration limit) throws InterruptedException {
        synchronized (underWay) {
            closed = true;
        }
        captureBudget.close();
        alertBudget.close();
        synchronized (underWay) {
            waitUntil(underWay::isEmpty, limit);
            return underWay.stream()
                    .flatMap(group -> group.members().stream())
                    .map(member -> member.receipt().id())
                    .toList();
        }
    }

    /// Stops the threads; receipts of what is still under way fail with UNKNOWN_OUTCOME. False when
    /// a thread had not ended by the limit.
    public boolean stop(Duration limit) throws InterruptedException {
        var ended = awaitCopies(limit) && line.stop(limit);
        List<Group> left;
        synchronized (underWay) {
            left = List.copyOf(underWay);
        }
        for (var group : left) {
            for (var member : group.members()) {
                member.receipt()
                        .fail(
                                new CamspoolException(
                                        Reason.UNKNOWN_OUTCOME,
                                        member.receipt().id()
                                                + " was not stored before the spool closed; it may still be"));
            }
        }
        return ended;
    }

    /// Waits until no file is being copied: since the intake is closed, each copy ends soon.
    private boolean awaitCopies(Duration limit) throws InterruptedException {
        synchronized (underWay) {
            return waitUntil(() -> copying == 0, limit);
        }
    }

    /// Waits for what is told to `underWay`, whose lock the caller holds; false when the limit came
    /// first.
    private boolean waitUntil(BooleanSupplier condition, Duration limit)
            throws InterruptedException {
        var end = System.nanoTime() + limit.toNanos();
        for (var left = limit.toMillis(); !condition.getAsBoolean() && left > 0; ) {
            underWay.wait(left);
            left = (end - System.nanoTime()) / 1_000_000;
        }
        return condition.getAsBoolean();
    }

    @Override
    public void close() {
        pool.close();
    }
}
