package io.escrowmq.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MessageTest {

  @Test
  void shouldKeepWhatItWasGiven() {
    // when
    Message message = Message.to("orders")
        .tag("placed")
        .key("a")
        .key("b")
        .property("price", "12")
        .orderingKey("customer-3")
        .body("one teapot");

    // then
    assertThat(message.tag()).isEqualTo("placed");
    assertThat(message.orderingKey()).isEqualTo("customer-3");
    assertThat(message.properties())
        .containsEntry("KEYS", "a b")
        .containsEntry("TAGS", "placed")
        .containsEntry("price", "12")
        .containsEntry("__SHARDINGKEY", "customer-3");
    assertThat(message.body()).asString().isEqualTo("one teapot");
    assertThat(message.isDelayed()).isFalse();
  }

  @Test
  void shouldHaveOneDelayTheLastOne() {
    // when
    Message message = Message.to("orders")
        .delayLevel(3)
        .delay(Duration.ofSeconds(2))
        .deliverAt(Instant.ofEpochMilli(5))
        .body("x");

    // then
    assertThat(message.isDelayed()).isTrue();
    assertThat(message.properties()).containsOnlyKeys("TIMER_DELIVER_MS");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "a b", "ä", "SCHEDULE_TOPIC_XXXX"})
  void shouldRefuseTopicsThatNoBrokerTakes(String topic) {
    assertThatThrownBy(() -> Message.to(topic)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void shouldRefuseWhatWouldBreakTheProtocol() {
    assertThatThrownBy(() -> Message.to("orders").property("UNIQ_KEY", "x"))
        .hasMessageContaining("UNIQ_KEY");
    assertThatThrownBy(() -> Message.to("orders").property("TRAN_MSG", "true"))
        .hasMessageContaining("TRAN_MSG");
    assertThatThrownBy(() -> Message.to("orders").property("a", "b\u0002c"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Message.to("orders").property("a\u0001", "b"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Message.to("orders").tag(""))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Message.to("orders").key("a b"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Message.to("orders").delay(Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Message.to("orders").delayLevel(19))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
