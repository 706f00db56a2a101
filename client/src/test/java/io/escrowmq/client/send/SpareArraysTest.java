package io.escrowmq.client.send;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.client.Message;
import io.escrowmq.client.SendReceipt.Safety;
import io.escrowmq.client.TopicQueue;
import io.escrowmq.remoting.message.UniqueIds;
import java.net.InetAddress;
import java.time.InstantSource;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SpareArraysTest {

  private final SpareArrays spare = new SpareArrays();

  @Test
  void shouldHandOutWhatWasGivenBackWhenItIsLargeEnough() {
    // given
    byte[] array = spare.take(100);
    spare.giveBack(array);

    // when
    byte[] first = spare.take(90);
    byte[] second = spare.take(90);

    // then
    assertThat(first).isSameAs(array);
    assertThat(second).isNotSameAs(array).hasSize(90);
  }

  @Test
  void shouldHandOutNothingTooSmall() {
    // given
    spare.giveBack(new byte[100]);

    // when, then
    assertThat(spare.take(101)).hasSize(101);
  }

  @Test
  void shouldKeepFewAndNoneThatIsHuge() {
    // given
    byte[] huge = new byte[SpareArrays.LARGEST_BYTES + 1];
    spare.giveBack(huge);
    Set<byte[]> given = Collections.newSetFromMap(new IdentityHashMap<>());
    for (int i = 0; i <= SpareArrays.MOST; i++) {
      byte[] array = new byte[1];
      given.add(array);
      spare.giveBack(array);
    }

    // when
    int again = 0;
    for (int i = 0; i <= SpareArrays.MOST; i++) {
      byte[] taken = spare.take(1);
      assertThat(taken).isNotSameAs(huge);
      again += given.contains(taken) ? 1 : 0;
    }

    // then
    assertThat(again).isEqualTo(SpareArrays.MOST);
  }

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
