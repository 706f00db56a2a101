package io.escrowmq.client.send;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.client.Message;
import io.escrowmq.client.SendReceipt.Safety;
import io.escrowmq.client.TopicQueue;
import io.escrowmq.remoting.message.SpareArrays;
import io.escrowmq.remoting.message.UniqueIds;
import java.net.InetAddress;
import java.time.InstantSource;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MessageBatchTest {

  private final SpareArrays spare = new SpareArrays();

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void shouldTakeBackTheBytesOfABatchThatNoOtherTryMayStillWrite(boolean atOnce) {
    // given
    byte[] array = new byte[1_000];
    spare.giveBack(array);
    MessageBatch batch = new MessageBatch(
        "shop",
        "orders",
        null,
        new BatchBody(spare, 1_000),
        7,
        new UniqueIds(InetAddress.getLoopbackAddress(), 1, 1, InstantSource.system()));
    batch.add(Message.to("orders").body("x"), 1);

    // when
    TopicQueue queue = new TopicQueue("orders", "a", 0);
    batch.sent(new Placement("a:1", queue, 17, "0A", Safety.AS_CONFIGURED, atOnce));

    // then
    assertThat(spare.take(1_000) == array).isEqualTo(atOnce);
  }
}
