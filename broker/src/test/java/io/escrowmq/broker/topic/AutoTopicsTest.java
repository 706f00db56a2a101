package io.escrowmq.broker.topic;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AutoTopicsTest {

  private static AutoTopics topics(boolean autoCreate) {
    return new AutoTopics(
        new TopicCatalog(SystemTopics.of("DefaultCluster", "broker-a", autoCreate, 8)));
  }

  private static @Nullable Topic forSend(
      AutoTopics topics, String name, String template, int queues) {
    return AutoTopics.forSend(name, topics.template(template), queues);
  }

  @ParameterizedTest
  @CsvSource({"4, 4", "99, 8", "0, 1", "-3, 1"})
  void shouldCreateAsManyQueuesAsWantedAndAllowed(int wanted, int expected) {
    assertThat(forSend(topics(true), "T", "TBW102", wanted))
        .isEqualTo(Topic.of("T", expected, Topic.READ | Topic.WRITE));
  }

  @ParameterizedTest
  @ValueSource(strings = {"TBW102", "SELF_TEST_TOPIC", "missing"})
  void shouldCreateNothingWithoutATemplate(String template) {
    assertThat(forSend(topics(false), "T", template, 4)).isNull();
  }

  @Test
  void shouldCreateRetryTopicEvenWhenNoOtherIsCreated() {
    assertThat(forSend(topics(false), "%RETRY%g", "TBW102", 4))
        .isEqualTo(Topic.of("%RETRY%g", 1, Topic.READ | Topic.WRITE));
  }

  @Test
  void shouldTakeTheClustersTopicAsATemplate() {
    // given
    AutoTopics topics =
        new AutoTopics(new TopicCatalog(List.of(Topic.of("C", 16, Topic.READ | Topic.INHERIT))));

    // when
    Topic created = forSend(topics, "T", "C", 4);

    // then: what it inherits is the permission, not that it is a template
    assertThat(created).isEqualTo(Topic.of("T", 4, Topic.READ));
  }
}
