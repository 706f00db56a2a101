package io.escrowmq.broker;

import io.escrowmq.broker.connected.ClientRegistry;
import io.escrowmq.broker.consumer.TestMembers;
import io.escrowmq.broker.metrics.Traffic;
import io.escrowmq.broker.recent.Deduplication;
import io.escrowmq.broker.send.ResendRule;
import io.escrowmq.broker.send.SendHandler;
import io.escrowmq.broker.send.SendSettings;
import io.escrowmq.broker.send.Sends;
import io.escrowmq.broker.tx.TransactionFeature;
import io.escrowmq.remoting.FakeCall;
import io.escrowmq.remoting.FakeConnection;
import io.escrowmq.remoting.RequestTable;
import io.escrowmq.remoting.Rights;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.header.EndTransactionHeader;
import io.escrowmq.remoting.header.SendMessageHeader;
import io.escrowmq.remoting.message.MessageId;
import io.escrowmq.remoting.message.PropertyNames;
import io.escrowmq.remoting.message.SysFlags;

/** Half-messages of one life of a {@link TestStore}, from the request to the log. */
final class TestEscrow {

  private static final String GROUP = "orders-service";

  private final TestStore store;
  private final ClientRegistry clients;
  private final RequestTable table;
  private final SendHandler send;

  TestEscrow(TestStore store) {
    this.store = store;
    BrokerCore state = store.state;
    clients = state.host().clients();
    TransactionFeature requests = state.transactions;
    requests.duties().forEach(store.loop::add);
    table = requests.requests();
    send = new SendHandler(
        new Sends(
            new SendSettings(TestStore.HOST, 64 * 1024, Deduplication.DEFAULT),
            state.topics.catalog(),
            (group, times, most) -> ResendRule.Way.RETRY,
            store.forge,
            new Sends.Doors(state.sends.intake(), requests.intake()),
            state.sends.recent(),
            new Traffic(),
            store.clock.surroundings()),
        TestStore.HOST);
  }

  /** Sends a half-message with a key of its own; answers its id. */
  long half(String topic, int queueId, String body) {
    SendMessageHeader header = new SendMessageHeader(
        GROUP,
        topic,
        "TBW102",
        4,
        queueId,
        SysFlags.TRANSACTION_PREPARED,
        store.clock.millis(),
        0,
        "TRAN_MSG\u0001true\u0002PGROUP\u0001" + GROUP + "\u0002" + PropertyNames.UNIQUE_KEY
            + "\u0001" + topic + queueId + body + "\u0002",
        0,
        false,
        -1,
        false);
    FakeCall call = new FakeCall(RequestCode.SEND_MESSAGE_V2, new FakeConnection(50_000))
        .with(header)
        .withBody(body);
    send.accept(call, header, Rights.ALL);
    store.clock.advance(1);
    store.settle();
    MessageId id = MessageId.parse(String.valueOf(call.replyFields().get("msgId")));
    if (id == null) {
      throw new AssertionError("refused: " + call.reply());
    }
    return id.position();
  }

  /** A producer is there that can be asked. */
  void producer() {
    FakeConnection connection = new FakeConnection(50_001);
    clients.registerProducer(GROUP, TestMembers.of("p", connection, store.clock.millis()));
    store.settle();
  }

  /** Lets time pass, with what is due in it. */
  void advance(long millis) {
    for (long passed = 0; passed < millis; passed += 1000) {
      store.clock.advance(1000);
      store.settle();
    }
  }

  void commit(long id) {
    end(id, SysFlags.TRANSACTION_COMMIT);
  }

  /** What is answered to a commit that may be refused. */
  ResponseCode tryToCommit(long id) {
    return reported(id, SysFlags.TRANSACTION_COMMIT).replyCode();
  }

  void rollBack(long id) {
    end(id, SysFlags.TRANSACTION_ROLLBACK);
  }

  private void end(long id, int commitOrRollback) {
    FakeCall call = reported(id, commitOrRollback);
    if (call.replyCode() != ResponseCode.SUCCESS) {
      throw new AssertionError("refused: " + call.reply());
    }
  }

  private FakeCall reported(long id, int commitOrRollback) {
    FakeCall call = new FakeCall(RequestCode.END_TRANSACTION)
        .with(
            new EndTransactionHeader(GROUP, 0, id, commitOrRollback, false, "unique", null, null));
    table.dispatch(call);
    store.clock.advance(1);
    store.settle();
    return call;
  }
}
