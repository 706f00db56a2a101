package io.escrowmq.broker.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.broker.core.MemoryShare;
import io.escrowmq.broker.core.TestLog;
import io.escrowmq.broker.edge.RefusalPage;
import io.escrowmq.broker.refusal.Refusal;
import io.escrowmq.broker.topic.Topic;
import io.escrowmq.broker.topic.TopicCatalog;
import io.escrowmq.broker.topic.TopicLimits;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.code.ResponseCode;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Topics that sends create: routes hear of them when they are safe, and before the sender does. */
class CreatedTopicTest {

  private static final Topic NEW = Topic.of("new", 4, Topic.READ | Topic.WRITE);

  private final TestLog broker = new TestLog();
  private final List<String> told = new ArrayList<>();

  @BeforeEach
  void listen() {
    broker.createTopic("old", 1);
    broker.whenTopicsChange(() -> told.add("routes"));
  }

  @AfterEach
  void close() {
    broker.close();
  }

  @Test
  void shouldTellRoutesOfACreatedTopicOnceItIsSafe() {
    // given
    broker.syncBeforeAnswers();
    send("new", NEW);
    broker.settle();
    assertThat(told).isEmpty();

    // when
    broker.flush();

    // then
    assertThat(told).containsExactly("routes", "sender");
    assertThat(broker.topics.find("new")).isEqualTo(NEW);
  }

  @Test
  void shouldTellRoutesNothingOfATopicThatIsThere() {
    // when
    send("old", null);
    broker.settle();

    // then
    assertThat(told).containsExactly("sender");
  }

  private void send(String topic, @Nullable Topic toCreate) {
    byte[] message = TestMessages.encode(
        broker.forge, topic, 0, 0, 0, 0, TestLog.STORE_HOST, 0, ByteBuffer.allocate(10), "");
    broker.intake.offer(
        topic, toCreate, 0, EncodedMessages.of(message), 0, new MessageAppend.Outcome() {
          @Override
          public void stored(Receipt where) {
            told.add("sender");
          }

          @Override
          public void refused(Refusal why) {
            told.add("refused: " + RefusalPage.words(why));
          }
        });
  }

  @Test
  void shouldCreateTopicsBySendingUpToTheLimitAndRetriesBeyondIt() {
    // given
    TopicCatalog full = new TopicCatalog(
        List.of(Topic.of("a", 1, Topic.WRITE), Topic.of("b", 1, Topic.WRITE)),
        new TopicLimits(2, 3));
    TopicCatalog withRoom = new TopicCatalog(
        List.of(Topic.of("a", 1, Topic.WRITE), Topic.of("b", 1, Topic.WRITE)),
        new TopicLimits(3, 3));
    TopicCatalog fullForAll =
        new TopicCatalog(List.of(Topic.of("a", 1, Topic.WRITE)), new TopicLimits(1, 1));

    // then
    assertThat(new Destination(withRoom, "new", NEW).refusal()).isNull();
    assertThat(new Destination(full, "a", NEW).refusal()).isNull();
    assertThat(new Destination(full, "%RETRY%g", NEW).refusal()).isNull();
    assertThat(new Destination(full, "%DLQ%g", NEW).refusal()).isNull();
    assertRefused(
        new Destination(full, "new", NEW), "2 topics, at most 2", "topic.auto-create-max");
    assertRefused(new Destination(fullForAll, "%DLQ%g", NEW), "1 topics, at most 1", "topic.max");
  }

  @Test
  void shouldCreateNoTopicBySendingForWhichThereIsNoMemory() {
    // given
    TopicCatalog full = new TopicCatalog(
        List.of(Topic.of("a", 1, Topic.WRITE)),
        TopicLimits.DEFAULT,
        new MemoryShare("topics", 1),
        () -> {});

    // then
    assertThat(new Destination(full, "a", NEW).refusal()).isNull();
    assertThat(new Destination(full, "%RETRY%g", NEW).refusal()).isNull();
    assertRefused(new Destination(full, "new", NEW), "topics", "memory");
  }

  private static void assertRefused(Destination destination, String... words) {
    Refusal refused = destination.refusal();
    assertThat(refused).isNotNull();
    Reply refusal = RefusalPage.reply(refused);
    assertThat(refusal.code()).isEqualTo(ResponseCode.TOPIC_NOT_EXIST);
    assertThat(refusal.remark()).contains(words);
  }
}
