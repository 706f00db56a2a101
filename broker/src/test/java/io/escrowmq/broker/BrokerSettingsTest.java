package io.escrowmq.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.escrowmq.broker.pull.OffsetBeyondEnd;
import io.escrowmq.broker.send.Deduplication;
import io.escrowmq.broker.tx.TransactionSettings;
import io.escrowmq.store.FlushMode;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
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
    return new BrokerSettings(
        "broker-a",
        "DefaultCluster",
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
        null,
        List.of(),
        Path.of("/data"),
        FlushMode.ASYNC,
        64 << 20,
        Duration.ofDays(3),
        0,
        true,
        true,
        8,
        bytes,
        OffsetBeyondEnd.RECORDED,
        Deduplication.DEFAULT,
        TransactionSettings.DEFAULT);
  }
}
