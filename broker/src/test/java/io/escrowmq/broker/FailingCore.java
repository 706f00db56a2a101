package io.escrowmq.broker;

import static io.escrowmq.remoting.Permission.WRITE;
import static io.escrowmq.remoting.RequestTable.on;

import io.escrowmq.broker.admin.AdminRequests;
import io.escrowmq.broker.consumer.ClientRegistry;
import io.escrowmq.broker.consumer.ConsumerRequests;
import io.escrowmq.broker.consumer.GroupCreation;
import io.escrowmq.broker.consumer.QueueLocks;
import io.escrowmq.broker.core.EscrowRenewal;
import io.escrowmq.broker.core.HeapBudget;
import io.escrowmq.broker.core.LostMessages;
import io.escrowmq.broker.core.RetentionDuty;
import io.escrowmq.broker.core.StateKeeper;
import io.escrowmq.broker.core.TestLog;
import io.escrowmq.broker.core.Traffic;
import io.escrowmq.broker.metrics.MetricRegistry;
import io.escrowmq.broker.send.Deduplication;
import io.escrowmq.broker.send.ResendRule;
import io.escrowmq.broker.send.SendHandler;
import io.escrowmq.broker.send.SendSettings;
import io.escrowmq.broker.topic.DeletedTopics;
import io.escrowmq.broker.topic.TopicChanges;
import io.escrowmq.broker.tx.Exhausted;
import io.escrowmq.broker.tx.TransactionRequests;
import io.escrowmq.remoting.FakeCall;
import io.escrowmq.remoting.FakeConnection;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.RequestTable;
import io.escrowmq.remoting.body.GroupConfig;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.header.SendMessageHeader;
import io.escrowmq.remoting.message.Properties;
import io.escrowmq.remoting.message.SysFlags;
import io.escrowmq.runtime.TestMachine;
import io.escrowmq.store.state.StateFiles;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

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
  private final TransactionRequests transactions;
  private final RequestTable table;
  private boolean answersFail;

  FailingCore() {
    ClientRegistry clients = new ClientRegistry(HeapBudget.unbounded());
    Traffic traffic = new Traffic();
    TopicChanges topicChanges = new TopicChanges(
        broker.loop,
        broker.topics,
        topic -> {},
        () -> CompletableFuture.completedFuture(List.of()));
    transactions = broker.state.requests(
        Exhausted.SUSPEND,
        broker.loop,
        clients,
        new MetricRegistry(),
        broker.clock,
        broker.clock.ticker());
    SendHandler send = new SendHandler(
        new SendSettings(TestLog.STORE_HOST, 64 * 1024, Deduplication.Of.MARKED),
        broker.topics,
        (group, times, most) -> ResendRule.Way.RETRY,
        broker.forge,
        broker.intake,
        transactions.intake(),
        broker.recentSends,
        traffic,
        broker.clock,
        TestMachine.REAL.chance());
    table = RequestTable.of(
            on(RequestCode.SEND_MESSAGE_V2, SendMessageHeader.FIELDS_V2, WRITE, send::accept),
            on(
                RequestCode.SEND_BATCH_MESSAGE,
                SendMessageHeader.FIELDS_V2,
                WRITE,
                send::acceptBatch))
        .and(transactions.table())
        .and(consumers(clients, topicChanges).table())
        .and(admin(clients, topicChanges, traffic).table());
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

  private ConsumerRequests consumers(ClientRegistry clients, TopicChanges topicChanges) {
    return new ConsumerRequests(new ConsumerRequests.Parts(
        "broker-a",
        "127.0.0.1:10911",
        broker.topics,
        topicChanges,
        broker.groups,
        groupCreation,
        broker.offsets,
        new DeletedTopics(),
        clients,
        new QueueLocks(),
        broker.queues,
        broker.log,
        broker.loop,
        broker.lookup::at,
        broker.forge,
        broker.intake,
        broker.clock.surroundings()));
  }

  private AdminRequests admin(ClientRegistry clients, TopicChanges topicChanges, Traffic traffic) {
    StateFiles states = new StateFiles(broker.files, Path.of("/data/state"));
    broker.loop.add(transactions.duty());
    RetentionDuty retention = new RetentionDuty(
        broker.log,
        broker.queues,
        broker.keys,
        new StateKeeper(broker.log, states, broker.state.views(), 0, broker.clock.ticker()),
        broker.ages,
        new EscrowRenewal(broker.log, List.of(broker.transactions.inEscrow(), broker.delayed)));
    broker.loop.add(retention);
    return new AdminRequests(new AdminRequests.Parts(
        "broker-a",
        "Cluster",
        "127.0.0.1:10911",
        Map.of(),
        broker.topics,
        topicChanges,
        broker.queues,
        clients,
        broker.log,
        broker.loop,
        retention,
        traffic,
        () -> 0,
        broker.delayed::waiting,
        broker.unreadable,
        new LostMessages(),
        broker.files,
        Path.of("/data"),
        broker.clock,
        broker.clock.ticker(),
        ZoneOffset.UTC));
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
