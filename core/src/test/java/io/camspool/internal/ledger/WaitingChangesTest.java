package io.camspool.internal.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class WaitingChangesTest {
    private final WaitingChanges waiting = new WaitingChanges();

    @Test
    void whatSomebodyWaitsForGoesBeforeBackgroundWorkThatCameEarlier() throws Exception {
        var work = add(background());
        var saves = List.of(add(save(0)), add(save(0)));

        assertThat(round()).isEqualTo(saves);
        assertThat(round()).containsExactly(work);
    }

    @Test
    void backgroundWorkGoesInEachFourthRoundOfSavesThatNeverRest() throws Exception {
        var work = Stream.generate(() -> add(background())).limit(10).toList();
        var isWorking = new ArrayList<Boolean>();
        for (var round = 0; round < 8; round++) {
            add(save(0));
            isWorking.add(round().stream().anyMatch(work::contains));
        }

        assertThat(isWorking).containsExactly(false, false, false, true, false, false, false, true);
    }

    @Test
    void aRoundOfBackgroundWorkGoesOnUntilASaveWaits() throws Exception {
        for (var i = 0; i < 10; i++) {
            add(background());
        }
        var round = round();

        assertThat(waiting.takeStep(round)).hasValueSatisfying(round::add);
        add(save(0));
        assertThat(waiting.takeStep(round)).isEmpty();
    }

    @Test
    void aRoundOfBackgroundWorkIsBounded() throws Exception {
        for (var i = 0; i < 10; i++) {
            add(background());
        }
        var round = round();
        for (var step = waiting.takeStep(round); step.isPresent(); step = waiting.takeStep(round)) {
            round.add(step.get());
        }

        assertThat(round).hasSize(8);
    }

    @Test
    void aRoundOfSavesTakesNoStepsAlong() throws Exception {
        add(save(0));
        add(background());

        assertThat(waiting.takeStep(round())).isEmpty();
    }

    @Test
    void aRoundIsBoundedInBytesButTakesOneWhateverItsSize() throws Exception {
        var huge = add(save(5_000_000));
        var half = List.of(add(save(500_000)), add(save(500_000)));
        add(save(1));

        assertThat(round()).containsExactly(huge);
        assertThat(round()).isEqualTo(half);
    }

    @Test
    void whatIsWithdrawnOrTakenIsGone() throws Exception {
        var withdrawn = add(save(0));
        var work = add(background());

        assertThat(waiting.withdraw(withdrawn)).isTrue();
        assertThat(waiting.takeAll()).containsExactly(work);
        assertThat(waiting.withdraw(work)).isFalse();
        assertThat(waiting.isEmpty()).isTrue();
    }

    private List<Request<?>> round() throws InterruptedException {
        var round = new ArrayList<Request<?>>();
        waiting.take(round);
        return round;
    }

    private Request<?> add(Request<?> request) {
        waiting.add(request);
        return request;
    }

    private static Request<?> save(long bytes) {
        return new Request<>(_ -> true, bytes, false);
    }

    private static Request<?> background() {
        return new Request<>(_ -> true, 0, true);
    }
}
