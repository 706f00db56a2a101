package io.escrowmq.client.member;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.client.NotConnectedException;
import io.escrowmq.client.TopicNotFoundException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class MissingTopicsTest {

  private static final long SECOND = Duration.ofSeconds(1).toNanos();
  private final Throwable nowhere =
      new TopicNotFoundException("no broker has the topic", "names:1", null);

  private final MissingTopics topics = new MissingTopics("stock");

  @Test
  void shouldWarnAtOnceAndThenOnceAMinute() {
    assertThat(topics.notFound("orders", nowhere, 0)).contains("stock", "orders", "no broker");
    assertThat(topics.notFound("orders", nowhere, SECOND)).isNull();
    assertThat(topics.notFound("orders", nowhere, 60 * SECOND - 1)).isNull();
    assertThat(topics.notFound("orders", nowhere, 60 * SECOND)).isNotNull();
  }

  @Test
  void shouldWarnOfEachTopic() {
    assertThat(topics.notFound("orders", nowhere, 0)).isNotNull();
    assertThat(topics.notFound("stock", nowhere, 0)).isNotNull();
  }

  @Test
  void shouldWarnAgainOfATopicThatWasThereMeanwhile() {
    topics.notFound("orders", nowhere, 0);
    topics.found("orders");

    assertThat(topics.notFound("orders", nowhere, SECOND)).isNotNull();
  }

  @Test
  void shouldNotWarnOfRetryTopicsAndOtherFailures() {
    assertThat(topics.notFound("%RETRY%stock", nowhere, 0)).isNull();
    assertThat(topics.notFound("orders", new NotConnectedException("no", "names:1", null), 0))
        .isNull();
  }
}
