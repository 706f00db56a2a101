package io.escrowmq.client.pull;

import static io.escrowmq.client.pull.StoredMessages.QUEUE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.escrowmq.client.Delivery;
import io.escrowmq.client.TopicQueue;
import io.escrowmq.remoting.message.BadMessageException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class PullBodyTest {

  @Test
  void shouldReadEveryMessage() {
    // when
    List<StoredDelivery> messages =
        PullBody.read(QUEUE, StoredMessages.messages(QUEUE, 10, 13), Set.of());

    // then
    assertThat(messages).extracting(Delivery::text).containsExactly("m10", "m11", "m12");
    Delivery last = messages.get(2);
    assertThat(last.queueOffset()).isEqualTo(12);
    assertThat(last.messageId()).isEqualTo("U12");
    assertThat(last.location()).isEqualTo("7F00000100002A9F00000000000003F4");
    assertThat(last.sentAt().toEpochMilli()).isEqualTo(5);
    assertThat(last.storedAt().toEpochMilli()).isEqualTo(6);
    assertThat(last.attempt()).isEqualTo(1);
  }

  @Test
  void shouldCompareTagsByValue() {
    // given: two tags of one hash, and none
    byte[] wanted = StoredMessages.message(QUEUE, 1, 0, "TAGS\u0001Aa\u0002");
    byte[] sameHash = StoredMessages.message(QUEUE, 2, 0, "TAGS\u0001BB\u0002");
    byte[] none = StoredMessages.message(QUEUE, 3, 0, "");

    // when, then
    assertThat(PullBody.read(QUEUE, wanted, Set.of("Aa"))).hasSize(1);
    assertThat(PullBody.read(QUEUE, sameHash, Set.of("Aa"))).isEmpty();
    assertThat(PullBody.read(QUEUE, none, Set.of("Aa"))).isEmpty();
    assertThat(PullBody.read(QUEUE, sameHash, Set.of())).hasSize(1);
  }

  @Test
  void shouldSayWhereARetriedMessageCameFrom() {
    // given
    TopicQueue retries = new TopicQueue("%RETRY%stock", "a", 0);
    byte[] bytes = StoredMessages.message(retries, 1, 2, "RETRY_TOPIC\u0001orders\u0002");

    // when
    Delivery delivery = PullBody.read(retries, bytes, Set.of()).get(0);

    // then
    assertThat(delivery.topic()).isEqualTo("orders");
    assertThat(delivery.queue()).isEqualTo(retries);
    assertThat(delivery.attempt()).isEqualTo(3);
  }

  @Test
  void shouldRefuseWhatIsNotAWholeMessage() {
    // given
    byte[] messages = StoredMessages.messages(QUEUE, 10, 12);

    // when, then
    for (int length = 1; length < messages.length; length++) {
      byte[] cut = Arrays.copyOf(messages, length);
      if (length != messages.length / 2) {
        assertThatThrownBy(() -> PullBody.read(QUEUE, cut, Set.of()))
            .as("%s bytes", length)
            .isInstanceOf(BadMessageException.class);
      }
    }
  }

  @Test
  void shouldSurviveAnyBytes() {
    for (int seed = 0; seed < 2_000; seed++) {
      // given
      Random random = new Random(seed);
      byte[] bytes = StoredMessages.messages(QUEUE, 10, 12);
      for (int i = 0; i < 3; i++) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }

      // when, then
      try {
        PullBody.read(QUEUE, bytes, Set.of("x"));
      } catch (BadMessageException expected) {
        assertThat(expected).as("seed %s", seed).hasMessageNotContaining("null");
      }
    }
  }
}
