package io.escrowmq.broker.tx;

import static io.escrowmq.broker.tx.TestTransactions.TOPIC;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.escrowmq.broker.topic.TopicRecords;
import io.escrowmq.store.RecordKind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** An operator who deletes a topic is told what is in escrow. */
class DeletedTopicLogTest {

  private final TestTransactions transactions = new TestTransactions();
  private final Logger logger = (Logger) LoggerFactory.getLogger(TransactionFeature.class);
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

  @BeforeEach
  void listen() {
    lines.start();
    logger.addAppender(lines);
  }

  @AfterEach
  void close() {
    logger.detachAppender(lines);
    transactions.close();
  }

  @Test
  void shouldTellOfATopicThatIsDeletedWhileAnythingIsInEscrow() {
    // given
    transactions.half("body");
    transactions.half("another");

    // when
    delete(TOPIC);

    // then
    assertThat(lines.list).hasSize(1);
    assertThat(lines.list.get(0).getFormattedMessage())
        .startsWith("the topic orders was deleted while 2 half-messages of 2 transactions");
  }

  @Test
  void shouldTellNothingWhileNothingIsInEscrow() {
    // when
    delete(TOPIC);

    // then
    assertThat(lines.list).isEmpty();
  }

  @Test
  void shouldTellOnceInTenSecondsHoweverManyAreDeleted() {
    // given
    transactions.half("body");
    for (String topic : new String[] {"a", "b", "c"}) {
      transactions.broker.createTopic(topic, 1);
    }

    // when
    delete("a");
    delete("b");
    transactions.advance(9_999);
    delete("c");
    transactions.advance(1);
    delete(TOPIC);

    // then
    assertThat(lines.list).hasSize(2);
    assertThat(lines.list.get(1).getFormattedMessage())
        .startsWith("the topic orders, and 2 others before it, was deleted");
  }

  private void delete(String topic) {
    transactions.broker.rule(recorder -> recorder.record(
        RecordKind.TOPIC_DELETED, 0, TopicRecords.deleted(recorder.nowMillis(), topic)));
    transactions.requests.letGoOfTopic(topic); // as in a core that is started
  }
}
