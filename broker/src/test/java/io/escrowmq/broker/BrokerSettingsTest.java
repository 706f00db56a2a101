package io.escrowmq.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class BrokerSettingsTest {

  @Test
  void shouldTakeTheLargestMessageThatAFrameCarriesAndNoLargerOne() {
    // given
    int most = BrokerSettings.MOST_MESSAGE_BYTES;

    // when // then
    assertThat(withMaxMessageBytes(most).maxMessageBytes()).isEqualTo(most);
    assertThatThrownBy(() -> withMaxMessageBytes(most + 1))
        .hasMessageContaining("message.max-bytes " + (most + 1))
        .hasMessageContaining("at most " + most);
  }

  static BrokerSettings withMaxMessageBytes(int bytes) {
    return new TestSettings().segments(64 << 20, bytes).build();
  }
}
