package io.camspool.internal.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class AnswerTest {
    private static final String MOST = "x".repeat(1_000);

    @Test
    void textsFromOutsideAreCut() {
        assertThat(new Answer.Confirmed(1, MOST + "y").proof()).isEqualTo(MOST);
        assertThat(new Answer.Refused(1, MOST + "y", MOST + "z", 0))
                .isEqualTo(new Answer.Refused(1, MOST, MOST, 0));
        assertThat(new Answer.Postponed(1, MOST + "y", 0).reason()).isEqualTo(MOST);
        assertThat(new Answer.Rejected(1, MOST + "y", MOST + "z"))
                .isEqualTo(new Answer.Rejected(1, MOST, MOST));
        assertThat(new Answer.Confirmed(1, MOST).proof()).isEqualTo(MOST);
    }

    @Test
    void noSurrogatePairIsCutInHalf() {
        var almost = "x".repeat(999);

        assertThat(new Answer.Confirmed(1, almost + "\uD83D\uDCF7").proof()).isEqualTo(almost);
    }
}
