package io.escrowmq.broker;

import io.escrowmq.broker.consumer.GroupCreation;
import io.escrowmq.broker.core.TestLog;
import io.escrowmq.broker.tx.TransactionFeature;
import io.escrowmq.remoting.FakeCall;
import io.escrowmq.remoting.FakeConnection;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.RequestTable;
import io.escrowmq.remoting.body.GroupConfig;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.header.SendMessageHeader;
import io.escrowmq.remoting.message.Properties;
import io.escrowmq.remoting.message.SysFlags;
import java.util.ArrayList;
import java.util.List;

/**
 * Every handler that hands proposals to the log loop, on one real log, with a topic, a group, a message
 * and half-messages to ask about. Its calls can be made to fail when they are answered.
 */
final class FailingCore {

  static final String TOPIC = "orders";
  static final String GROUP = "readers";
  static final String OTHERS = "other-readers";
  static final String PRODUCERS = "orders-service";
  static final String TRANSACTION = "order-17";

  final TestLog broker = new TestLog();
  final GroupCreation groupCreation = new GroupCreation(broker.groups, broker.topics, true);
  final List<VictimCall> victims = new ArrayList<>();
  final long message; // where one lies that can be sent back
  final long half; // the id of one in doubt
  private final TransactionFeature transactions;
  private final RequestTable table;
  private boolean answersFail;

  FailingCore() {
    BrokerCore core = broker.state.core;
    transactions = core.transactions;
    transactions.duties().forEach(broker.loop::add);
    broker.loop.add(core.upkeep().retention());
    table = core.requests();
    broker.createTopic(TOPIC, 4);
    for (String name : List.of(GROUP, OTHERS)) {
      VictimCall group = call(RequestCode.UPDATE_AND_CREATE_SUBSCRIPTIONGROUP);
      group.withBody(GroupConfig.of(name).toBytes());
      settled(group);
    }
    message = send("a message").sentPosition();
    half = settled(sendCall(
            "in doubt",
            SysFlags.TRANSACTION_PREPARED,
            Properties.with("", "ESCROW_TX", TRANSACTION)))
        .sentPosition();
    victims.clear();
  }

  /** A call whose answer fails if that is wanted. */
  final class VictimCall extends FakeCall {

    int answers;

    private VictimCall(RequestCode code) {
      super(code, new FakeConnection(50_000));
    }

    @Override
    public void reply(Reply answered) {
      answers++;
      if (answersFail) {
        throw new IllegalStateException("the answer fails, as the test wants");
      }
      super.reply(answered);
    }
  }

  /** From now on all answers to these calls fail, or none. */
  void answersFail(boolean fail) {
    answersFail = fail;
  }

  VictimCall call(RequestCode code) {
    VictimCall call = new VictimCall(code);
    victims.add(call);
    return call;
  }

  /** Hands the call to its handler; the log does not turn. */
  <T extends FakeCall> T dispatch(T call) {
    table.dispatch(call);
    return call;
  }

  void settle() {
    broker.settle();
    while (transactions.answers().turn() > 0) {
      // one answer a turn
    }
  }

  private VictimCall settled(VictimCall call) {
    dispatch(call);
    settle();
    return call;
  }

  /** Somebody else sends a message to queue 0; the log does not turn. */
  FakeCall offerOther(String body) {
    return dispatch(with(
        new FakeCall(RequestCode.SEND_MESSAGE_V2), body, SysFlags.TRANSACTION_NONE, "", false));
  }

  private FakeCall send(String body) {
    FakeCall call = offerOther(body);
    settle();
    return call;
  }

  VictimCall sendCall(String body, int sysFlag, String properties) {
    return with(call(RequestCode.SEND_MESSAGE_V2), body, sysFlag, properties, false);
  }

  <T extends FakeCall> T with(
      T call, String body, int sysFlag, String properties, boolean isBatch) {
    call.with(new SendMessageHeader(
        PRODUCERS,
        TOPIC,
        "TBW102",
        4,
        0,
        sysFlag,
        broker.clock.millis(),
        0,
        properties,
        0,
        false,
        -1,
        isBatch));
    call.withBody(body);
    return call;
  }
}
