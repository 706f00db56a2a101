package io.escrowmq.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.broker.FailingCore.VictimCall;
import io.escrowmq.broker.StruckProposal.Point;
import io.escrowmq.broker.core.Proposal;
import io.escrowmq.remoting.FakeCall;
import io.escrowmq.remoting.body.GroupConfig;
import io.escrowmq.remoting.body.Heartbeat;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.header.CloneOffsetHeader;
import io.escrowmq.remoting.header.DecideTransactionHeader;
import io.escrowmq.remoting.header.DeleteGroupHeader;
import io.escrowmq.remoting.header.EndTransactionHeader;
import io.escrowmq.remoting.header.GroupForbiddenHeader;
import io.escrowmq.remoting.header.ListTransactionsHeader;
import io.escrowmq.remoting.header.OrderTransactionHeader;
import io.escrowmq.remoting.header.RecheckTransactionHeader;
import io.escrowmq.remoting.header.ResetOffsetHeader;
import io.escrowmq.remoting.header.SendBackHeader;
import io.escrowmq.remoting.header.TopicHeader;
import io.escrowmq.remoting.header.TransactionIdHeader;
import io.escrowmq.remoting.header.UpdateTopicHeader;
import io.escrowmq.remoting.message.Properties;
import io.escrowmq.remoting.message.SysFlags;
import io.escrowmq.store.Image;
import io.escrowmq.store.SimulatedFileSystem.Operation;
import io.escrowmq.store.StorageException;
import io.escrowmq.store.View;
import io.escrowmq.store.queue.ConsumeQueue;
import io.escrowmq.store.queue.ConsumeQueues;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every request that changes what the log says, made to fail wherever it can: while it is judged, at each
 * thing that it asks of the log, when it is answered, refused or abandoned. Everybody else is answered
 * once, the log goes on, and a restart finds what was acknowledged. Only what fails between its records
 * stops the log; nobody is told then that anything was done.
 */
class FailingProposalsTest {

  private static final int MOST_CALLS = 200; // of one request at the log

  /** Made by the loop itself in place of one that failed; every failing ruling is one. */
  private static final Set<String> OF_THE_LOOP = Set.of("RefusedProposal");

  /** A request, and how it comes to the broker. */
  private record Request(String name, Consumer<FailingCore> ask) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Request> requests() {
    List<Request> all = new ArrayList<>();
    all.add(new Request("send", core -> core.dispatch(core.sendCall("one", 0, ""))));
    all.add(new Request(
        "delayed send", core -> core.dispatch(core.sendCall("one", 0, property("DELAY", "3")))));
    all.add(
        new Request("batch", core -> core.dispatch(batch(core, SysFlags.TRANSACTION_NONE, ""))));
    all.add(new Request(
        "send of a half-message",
        core -> core.dispatch(core.sendCall("half", SysFlags.TRANSACTION_PREPARED, ""))));
    all.add(new Request(
        "batch of half-messages",
        core -> core.dispatch(
            batch(core, SysFlags.TRANSACTION_PREPARED, property("TRAN_MSG", "true")))));
    all.add(new Request(
        "send back",
        core -> core.dispatch(core.call(RequestCode.CONSUMER_SEND_MSG_BACK)
            .with(new SendBackHeader(core.message, FailingCore.GROUP, 0, null, null, false, 16)))));
    all.add(new Request("commit", core -> end(core, SysFlags.TRANSACTION_COMMIT)));
    all.add(new Request("roll back", core -> end(core, SysFlags.TRANSACTION_ROLLBACK)));
    all.add(new Request(
        "decide",
        core -> core.dispatch(core.call(RequestCode.DECIDE_TRANSACTION)
            .with(new DecideTransactionHeader(
                FailingCore.PRODUCERS,
                FailingCore.TRANSACTION,
                SysFlags.TRANSACTION_COMMIT,
                1,
                false,
                core.half)))));
    all.add(new Request(
        "order",
        core -> core.dispatch(core.call(RequestCode.ORDER_TRANSACTION)
            .with(new OrderTransactionHeader(
                core.half, SysFlags.TRANSACTION_COMMIT, "an operator", "a reason")))));
    all.add(new Request(
        "recheck",
        core -> core.dispatch(core.call(RequestCode.RECHECK_TRANSACTION)
            .with(new RecheckTransactionHeader(core.half, "an operator")))));
    all.add(new Request(
        "list of transactions",
        core -> core.dispatch(core.call(RequestCode.LIST_TRANSACTIONS)
            .with(new ListTransactionsHeader(null, 0, false, -1, 10)))));
    all.add(new Request(
        "show a transaction",
        core -> core.dispatch(
            core.call(RequestCode.SHOW_TRANSACTION).with(new TransactionIdHeader(core.half)))));
    all.add(new Request(
        "create a topic",
        core -> core.dispatch(core.call(RequestCode.UPDATE_AND_CREATE_TOPIC)
            .with(new UpdateTopicHeader("new", "TBW102", 2, 2, 6, null, 0, false, null)))));
    all.add(new Request(
        "create topics",
        core -> core.dispatch(core.call(RequestCode.UPDATE_AND_CREATE_TOPIC_LIST)
            .withBody("{\"topicConfigList\":[{\"topicName\":\"A\"},{\"topicName\":\"B\"}]}"))));
    all.add(new Request(
        "delete a topic",
        core -> core.dispatch(
            core.call(RequestCode.DELETE_TOPIC_IN_BROKER).with(new TopicHeader("SCHEDULED")))));
    all.add(new Request(
        "create a group",
        core -> core.dispatch(core.call(RequestCode.UPDATE_AND_CREATE_SUBSCRIPTIONGROUP)
            .withBody(GroupConfig.of("new-group").toBytes()))));
    all.add(new Request(
        "delete a group",
        core -> core.dispatch(core.call(RequestCode.DELETE_SUBSCRIPTIONGROUP)
            .with(new DeleteGroupHeader(FailingCore.GROUP, true)))));
    all.add(new Request(
        "forbid a group",
        core -> core.dispatch(core.call(RequestCode.UPDATE_AND_GET_GROUP_FORBIDDEN)
            .with(new GroupForbiddenHeader(FailingCore.GROUP, FailingCore.TOPIC, false)))));
    all.add(new Request(
        "reset an offset",
        core -> core.dispatch(core.call(RequestCode.INVOKE_BROKER_TO_RESET_OFFSET)
            .with(new ResetOffsetHeader(FailingCore.GROUP, FailingCore.TOPIC, -1, true, 0, 0)))));
    all.add(new Request("copy offsets", core -> {
      core.broker.offsets.report(FailingCore.GROUP, FailingCore.TOPIC, 0, 1);
      core.dispatch(core.call(RequestCode.CLONE_GROUP_OFFSET)
          .with(new CloneOffsetHeader(FailingCore.GROUP, FailingCore.OTHERS, "", false)));
    }));
    all.add(new Request(
        "heartbeat of a new group",
        core -> core.dispatch(core.call(RequestCode.HEART_BEAT).withBody(heartbeat()))));
    all.add(new Request(
        "delete what is expired",
        core -> core.dispatch(core.call(RequestCode.DELETE_EXPIRED_COMMITLOG))));
    all.add(new Request(
        "use of a new group",
        core -> core.groupCreation.findOrCreate("used-group", core.broker.loop)));
    return all;
  }

  private static String property(String name, String value) {
    return Properties.with("", name, value);
  }

  private static VictimCall batch(FailingCore core, int sysFlag, String properties) {
    byte[] own = properties.getBytes(StandardCharsets.UTF_8);
    ByteBuffer items = ByteBuffer.allocate(3 * (22 + own.length));
    for (int i = 0; i < 3; i++) {
      items.putInt(22 + own.length).putInt(0).putInt(0).putInt(0).putInt(0);
      items.putShort((short) own.length).put(own);
    }
    VictimCall call = core.with(core.call(RequestCode.SEND_BATCH_MESSAGE), "", sysFlag, "", true);
    call.withBody(items.array());
    return call;
  }

  private static void end(FailingCore core, int commitOrRollback) {
    core.dispatch(core.call(RequestCode.END_TRANSACTION)
        .with(new EndTransactionHeader(
            FailingCore.PRODUCERS, 0, core.half, commitOrRollback, false, "U", null, null)));
  }

  private static byte[] heartbeat() {
    return new Heartbeat(
            "client",
            List.of(new Heartbeat.ConsumerEntry(
                "heard-group",
                "CONSUME_PASSIVELY",
                "CLUSTERING",
                "CONSUME_FROM_LAST_OFFSET",
                List.of(),
                false)),
            List.of(),
            0,
            false)
        .toBytes();
  }

  @Test
  void shouldKnowEveryKindOfProposal() {
    // given
    Set<String> known = new TreeSet<>(OF_THE_LOOP);

    // when
    for (Request request : requests()) {
      FailingCore core = new FailingCore();
      request.ask().accept(core);
      core.broker.takeWaiting().forEach(one -> known.add(one.getClass().getSimpleName()));
    }

    // then
    assertThat(known)
        .as("a new kind of proposal needs a request in this test")
        .isEqualTo(Implementations.of(Proposal.class));
  }

  @ParameterizedTest
  @MethodSource("requests")
  void shouldHarmNobodyElseWhereverItFails(Request request) throws IOException {
    for (Point point : Point.values()) {
      int nth = 1;
      while (fails(request, point, nth) && isOfCalls(point)) {
        nth++;
        assertThat(nth).as("calls of %s", request).isLessThan(MOST_CALLS);
      }
    }
  }

  private static boolean isOfCalls(Point point) {
    return point == Point.AT_A_CALL_OF_THE_RULING || point == Point.AFTER_A_CALL_OF_THE_RULING;
  }

  /** False when it did not come so far that it could fail there. */
  private static boolean fails(Request request, Point point, int nth) throws IOException {
    FailingCore core = new FailingCore();
    // given
    String what = request + " " + point + " " + nth;
    request.ask().accept(core);
    List<Proposal> own = core.broker.takeWaiting();
    assertThat(own).as(what).isNotEmpty();
    List<StruckProposal> struck =
        own.stream().map(one -> new StruckProposal(one, point, nth)).toList();
    core.answersFail(point == Point.ANSWERING || point == Point.ANSWERING_A_REFUSAL);

    // when
    FakeCall first = core.offerOther("first");
    struck.forEach(core.broker.loop::offer);
    FakeCall last = core.offerOther("last");
    if (point == Point.BEFORE_ABANDONING) {
      core.broker.files.fault((operation, file) -> {
        if (operation == Operation.WRITE) {
          throw new StorageException(StorageException.Reason.IO, "could not write " + file);
        }
      });
    }
    core.settle();
    core.broker.files.fault((operation, file) -> {});
    core.answersFail(false);

    // then
    boolean isStopped = point == Point.BEFORE_ABANDONING
        || struck.stream().anyMatch(one -> one.failedBetweenRecords);
    core.victims.forEach(call -> assertThat(call.answers).as(what).isLessThanOrEqualTo(1));
    if (isStopped) {
      assertThat(core.broker.loop.stopped()).as(what).isNotNull();
      for (FakeCall other : List.of(first, last)) {
        assertThat(other.replyCode()).as(what).isEqualTo(ResponseCode.SERVICE_NOT_AVAILABLE);
      }
    } else {
      assertThat(core.broker.loop.stopped()).as(what).isNull();
      for (FakeCall other : List.of(first, last)) {
        assertThat(other.replyCode()).as(what).isEqualTo(ResponseCode.SUCCESS);
      }
      assertOnlyItWasRefused(core, point, what, struck);
      assertGoesOn(core, request, what);
    }
    assertFoundByARestart(core, isStopped, what);
    return struck.stream().anyMatch(one -> one.hasFailed);
  }

  private static void assertOnlyItWasRefused(
      FailingCore core, Point point, String what, List<StruckProposal> struck) {
    boolean isRefused = struck.stream().anyMatch(one -> one.failedInRuling);
    for (VictimCall call : core.victims) {
      if (isRefused && point != Point.BEFORE_REFUSING && point != Point.ANSWERING_A_REFUSAL) {
        assertThat(call.replyCode()).as(what).isEqualTo(ResponseCode.SYSTEM_ERROR);
        assertThat(call.reply().remark()).as(what).contains("nothing was recorded");
      }
    }
  }

  private static void assertGoesOn(FailingCore core, Request request, String what) {
    core.victims.clear();
    request.ask().accept(core);
    core.settle();
    core.victims.forEach(
        call -> assertThat(call.isAnswered()).as("again: %s", what).isTrue());
    assertThat(core.broker.loop.stopped()).as(what).isNull();
  }

  private static void assertFoundByARestart(FailingCore core, boolean isStopped, String what)
      throws IOException {
    ShippedState before = core.broker.state;
    String lived = isStopped ? "" : told(before);
    ShippedState after = core.broker.killAndOpen();
    try {
      if (isStopped) {
        assertThat(end(after.queues(), 0)).as(what).isPositive();
        assertThat(after.groups().find(FailingCore.GROUP)).as(what).isNotNull();
        assertThat(after.transactions().coordinator().find(core.half)).as(what).isNotNull();
      } else {
        assertThat(told(after)).as(what).isEqualTo(lived);
      }
    } finally {
      after.keys().close();
      after.queues().close();
      after.log().close();
    }
  }

  /** What the views say that clients were told of. */
  private static String told(ShippedState state) throws IOException {
    StringBuilder text = new StringBuilder();
    for (View view : List.of(state.topics(), state.groups(), state.offsets())) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      Image image = view.image();
      image.writeTo(new DataOutputStream(bytes));
      text.append(view.name()).append(bytes.toString(StandardCharsets.ISO_8859_1));
    }
    for (int queueId = 0; queueId < 4; queueId++) {
      text.append(" queue ").append(end(state.queues(), queueId));
    }
    return text.append(" delayed ")
        .append(state.delayed().waiting())
        .append(" in doubt ")
        .append(state.transactions().coordinator().count())
        .toString();
  }

  private static long end(ConsumeQueues queues, int queueId) {
    ConsumeQueue queue = queues.find(FailingCore.TOPIC, queueId);
    return queue == null ? 0 : queue.maxOffset();
  }
}
