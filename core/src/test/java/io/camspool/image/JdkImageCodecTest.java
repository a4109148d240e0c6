package io.camspool.image;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class JdkImageCodecTest extends ImageCodecContract {
    @Override
    protected ImageCodec codec() {
        return new JdkImageCodec();
    }

    @Test
    void isTheFallbackWithoutOthers() {
        assertThat(ImageCodecs.best()).isInstanceOf(JdkImageCodec.class);
    }
}
