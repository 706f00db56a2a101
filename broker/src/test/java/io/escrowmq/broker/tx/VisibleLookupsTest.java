package io.escrowmq.broker.tx;

import static io.escrowmq.broker.tx.TestTransactions.TOPIC;
import static io.escrowmq.remoting.message.SysFlags.TRANSACTION_COMMIT;
import static io.escrowmq.remoting.message.SysFlags.TRANSACTION_ROLLBACK;
import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.broker.core.TestLog;
import io.escrowmq.broker.pull.LookupHandler;
import io.escrowmq.broker.topic.TopicRecords;
import io.escrowmq.remoting.FakeCall;
import io.escrowmq.remoting.Rights;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.header.QueryMessageHeader;
import io.escrowmq.remoting.header.ViewMessageHeader;
import io.escrowmq.remoting.message.MessageView;
import io.escrowmq.store.RecordKind;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Single messages that are asked for: what may be seen of them is what their queue shows. */
class VisibleLookupsTest {

  private static final String KEY = "order-17";

  private final TestTransactions transactions = new TestTransactions();
  private final TestLog broker = transactions.broker;

  @AfterEach
  void close() {
    transactions.close();
  }

  /** 1.1. */
  @Test
  void shouldShowNobodyAHalfMessageThatIsNotCommitted() {
    // given
    long open = transactions.half("open", "KEYS", KEY);
    long rolledBack = transactions.half("rolled back", "KEYS", KEY);
    long delayed = transactions.half("delayed", "KEYS", KEY, "DELAY", "4");
    transactions.end(rolledBack, TRANSACTION_ROLLBACK);
    transactions.end(delayed, TRANSACTION_COMMIT);

    // when, then
    for (long id : new long[] {open, rolledBack, delayed}) {
      assertThat(view(id).reply().code()).isEqualTo(ResponseCode.SYSTEM_ERROR);
    }
    assertThat(query(KEY, false)).isEmpty();
  }

  @Test
  void shouldShowACommittedMessageAsItsQueueDoes() {
    // given
    transactions.sendPlain(TOPIC, 1, "before");
    long id = transactions.half("body", "KEYS", KEY, "UNIQ_KEY", "U1");
    broker.clock.advance(5000);

    // when
    transactions.end(id, TRANSACTION_COMMIT);

    // then
    Appearance inQueue = Appearance.of(transactions.visible(TOPIC, 1).get(1));
    assertThat(inQueue.storeMillis()).isEqualTo(broker.clock.millis());
    assertThat(viewed(id)).isEqualTo(inQueue);
    assertThat(query(KEY, false)).containsExactly(inQueue);
    assertThat(query("U1", true)).containsExactly(inQueue);
  }

  @Test
  void shouldShowADelayedMessageFromItsDeliveryOnAsItsQueueDoes() {
    // given
    long ofTransaction = transactions.half("half", "KEYS", KEY, "DELAY", "3");
    transactions.end(ofTransaction, TRANSACTION_COMMIT);
    long delayed =
        transactions.sendPlain(TOPIC, 1, "plain", "KEYS", KEY, "DELAY", "3").sentPosition();
    List<Appearance> early = query(KEY, false);
    ResponseCode before = view(delayed).reply().code();

    // when
    transactions.sendPlain(TOPIC, 1, "other");
    transactions.advance(20_000);

    // then
    List<Appearance> inQueue =
        transactions.visible(TOPIC, 1).stream().map(Appearance::of).toList();
    assertThat(early).isEmpty();
    assertThat(before).isEqualTo(ResponseCode.SYSTEM_ERROR);
    assertThat(inQueue).hasSize(3);
    assertThat(query(KEY, false)).containsExactlyInAnyOrder(inQueue.get(1), inQueue.get(2));
    assertThat(viewed(delayed)).isIn(inQueue.subList(1, 3));
    assertThat(viewed(ofTransaction)).isIn(inQueue.subList(1, 3));
  }

  @Test
  void shouldFindEachMessageOfOneTransactionWithItsOwnQueueOffset() {
    // given
    List<Long> ids = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      ids.add(transactions.half("body " + i, "KEYS", KEY, "ESCROW_TX", "t"));
    }

    // when
    transactions.end(ids.get(0), TRANSACTION_COMMIT);

    // then
    assertThat(transactions.visible(TOPIC, 1)).hasSize(5);
    assertThat(query(KEY, false))
        .extracting(Appearance::queueOffset)
        .containsExactly(0L, 1L, 2L, 3L, 4L);
    assertThat(ids).extracting(id -> viewed(id).queueOffset()).containsExactly(0L, 1L, 2L, 3L, 4L);
  }

  @Test
  void shouldFindByTheTimeOfTheReleaseAndNotOfTheSend() {
    // given
    long sentMillis = broker.clock.millis();
    long id = transactions.half("body", "KEYS", KEY);
    broker.clock.advance(60_000);

    // when
    transactions.end(id, TRANSACTION_COMMIT);

    // then
    long now = broker.clock.millis();
    assertThat(query(KEY, false, sentMillis, now - 1)).isEmpty();
    assertThat(query(KEY, false, now, now)).hasSize(1);
  }

  @Test
  void shouldShowNoMessageOfATopicThatWasDeletedAlsoWhenThereIsAnotherOfItsName() {
    // given
    long plain = transactions.sendPlain(TOPIC, 1, "plain").sentPosition();
    long delayed = transactions.sendPlain(TOPIC, 1, "delayed", "DELAY", "1").sentPosition();
    long half = transactions.half("half");
    transactions.end(half, TRANSACTION_COMMIT);
    transactions.advance(2_000);
    List<Long> all = List.of(plain, delayed, half);
    List<ResponseCode> before = codes(all);

    // when
    broker.rule(recorder -> recorder.record(
        RecordKind.TOPIC_DELETED, 0, TopicRecords.deleted(recorder.nowMillis(), TOPIC)));
    List<ResponseCode> deleted = codes(all);
    broker.createTopic(TOPIC, 4);
    List<ResponseCode> createdAgain = codes(all);
    long another = transactions.sendPlain(TOPIC, 1, "another").sentPosition();

    // then
    assertThat(before).containsOnly(ResponseCode.SUCCESS);
    assertThat(deleted).containsOnly(ResponseCode.SYSTEM_ERROR);
    assertThat(createdAgain).containsOnly(ResponseCode.SYSTEM_ERROR);
    assertThat(view(another).reply().code()).isEqualTo(ResponseCode.SUCCESS);
  }

  private List<ResponseCode> codes(List<Long> ids) {
    return ids.stream().map(id -> view(id).reply().code()).toList();
  }

  @Test
  void shouldAnswerAtMost64MessagesOfAKey() {
    // when
    for (int i = 0; i < 65; i++) {
      transactions.sendPlain(TOPIC, 1, "body " + i, "KEYS", KEY);
    }

    // then
    assertThat(query(KEY, false)).hasSize(64);
  }

  private FakeCall view(long position) {
    ViewMessageHeader header = new ViewMessageHeader(position, null);
    FakeCall call = new FakeCall(RequestCode.VIEW_MESSAGE_BY_ID).with(header);
    new LookupHandler(broker.lookup).byPosition(call, header, Rights.ALL);
    return call;
  }

  private List<Appearance> query(String key, boolean unique) {
    return query(key, unique, 0, Long.MAX_VALUE);
  }

  private List<Appearance> query(String key, boolean unique, long from, long to) {
    QueryMessageHeader header =
        new QueryMessageHeader(TOPIC, key, 1_000, from, to, null, null, unique);
    FakeCall call = new FakeCall(RequestCode.QUERY_MESSAGE).with(header);
    new LookupHandler(broker.lookup).byKey(call, header);
    List<Appearance> found = new ArrayList<>();
    if (call.reply().code() == ResponseCode.SUCCESS) {
      ByteBuffer body = body(call);
      while (body.hasRemaining()) {
        MessageView message = MessageView.of(body);
        found.add(Appearance.of(message));
        body.position(body.position() + message.size());
      }
    }
    return found;
  }

  private Appearance viewed(long position) {
    return Appearance.of(MessageView.of(body(view(position))));
  }

  private static ByteBuffer body(FakeCall call) {
    ByteBuffer body = ByteBuffer.allocate(call.reply().body().length());
    call.reply().body().writeTo(body);
    return body.flip();
  }

  /** All that differs between a stored message and a visible one, and what tells it from others. */
  private record Appearance(
      long queueOffset,
      long position,
      long storeMillis,
      int sysFlag,
      long prepared,
      String properties,
      ByteBuffer body) {

    static Appearance of(MessageView message) {
      return new Appearance(
          message.queueOffset(),
          message.position(),
          message.storeTimestamp(),
          message.sysFlag(),
          message.preparedPosition(),
          message.properties(),
          message.body());
    }
  }
}
