package io.escrowmq.client.pull;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.client.Message;
import io.escrowmq.client.TopicQueue;
import io.escrowmq.remoting.message.MessageView;
import io.escrowmq.remoting.message.Properties;
import io.escrowmq.remoting.message.PropertyNames;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A message that came is sent on: what it was told to be says nothing of the new one. */
class SentOnTest {

  @Test
  void shouldCopyWhatDescribesAMessageAndNothingElse() throws IllegalAccessException {
    // given
    Map<String, String> all = new LinkedHashMap<>();
    for (var field : PropertyNames.class.getFields()) {
      all.put(String.valueOf(field.get(null)), "1");
    }
    all.put("mine", "2");
    StoredDelivery came = delivery("orders", all);

    // when
    Message message = Message.to("next").like(came).body(came.body());

    // then
    assertThat(message.properties())
        .isEqualTo(Map.of("TAGS", "1", "KEYS", "1", "__SHARDINGKEY", "1", "mine", "2"));
    assertThat(message.orderingKey()).isEqualTo("1");
    assertThat(message.isDelayed()).isFalse();
  }

  /** RocketMQ's clients can send them. */
  @Test
  void shouldCopyAMessageWhoseTagIsEmpty() {
    // given
    StoredDelivery came =
        delivery("orders", Map.of("TAGS", "", "KEYS", "", "__SHARDINGKEY", "", "empty", ""));

    // when
    Message message = Message.to("next").like(came).body(came.body());

    // then
    assertThat(message.properties()).isEmpty();
  }

  @Test
  void shouldNameTheTopicThatItCameFromAndNotOneOfATryBefore() {
    Map<String, String> tried = Map.of(PropertyNames.RETRY_TOPIC, "orders");

    assertThat(Arrays.asList("%RETRY%g", "%DLQ%g", "next"))
        .extracting(topic -> delivery(topic, tried).topic())
        .containsExactly("orders", "orders", "next");
  }

  private static StoredDelivery delivery(String topic, Map<String, String> properties) {
    TopicQueue queue = new TopicQueue(topic, "broker-a", 0);
    return new StoredDelivery(
        queue, MessageView.of(StoredMessages.message(queue, 1, 0, Properties.format(properties))));
  }
}
