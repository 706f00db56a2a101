package io.escrowmq.broker.consumer;

import io.escrowmq.broker.connected.ClientRegistry;
import io.escrowmq.broker.connected.QueueLocks;
import io.escrowmq.broker.core.TestLog;
import io.escrowmq.remoting.FakeCall;
import io.escrowmq.remoting.FakeConnection;
import io.escrowmq.remoting.RequestTable;
import io.escrowmq.remoting.body.GroupConfig;
import io.escrowmq.remoting.body.Heartbeat;
import io.escrowmq.remoting.body.Heartbeat.ConsumerEntry;
import io.escrowmq.remoting.body.SubscriptionEntry;
import io.escrowmq.remoting.code.RequestCode;
import java.util.Arrays;
import java.util.List;

/** All requests of this package on a real log and a simulated disk. */
final class TestConsumers implements AutoCloseable {

  final TestLog broker = new TestLog();
  final ClientRegistry clients = broker.state.clients();
  final QueueLocks locks = broker.state.locks();
  int topicsChanged;

  {
    broker.whenTopicsChange(() -> topicsChanged++);
  }

  final MemberFeature members = broker.state.feature(MemberFeature.class);
  final RequestTable table = members
      .requests()
      .and(broker.state.feature(GroupFeature.class).requests())
      .and(broker.state.feature(OffsetFeature.class).requests())
      .and(broker.state.feature(RetryFeature.class).requests());

  TestConsumers() {
    broker.state.clients().events().add(members.notices());
  }

  /** Hands the call to its handler and lets the log loop do what follows. */
  FakeCall ask(FakeCall call) {
    table.dispatch(call);
    broker.settle();
    return call;
  }

  /** A heartbeat of a consumer that wants these topics, each with "*", and its own retries. */
  FakeCall beat(String clientId, FakeConnection from, String group, String... topics) {
    List<SubscriptionEntry> wanted =
        Arrays.stream(topics).map(topic -> wanting(topic, "*", 1)).toList();
    return beat(clientId, from, group, "CLUSTERING", wanted);
  }

  FakeCall beat(
      String clientId,
      FakeConnection from,
      String group,
      String model,
      List<SubscriptionEntry> wanted) {
    ConsumerEntry consumer = new ConsumerEntry(
        group, "CONSUME_PASSIVELY", model, "CONSUME_FROM_LAST_OFFSET", wanted, false);
    Heartbeat heartbeat =
        new Heartbeat(clientId, List.of(consumer), List.of("CLIENT_INNER_PRODUCER"), 0, false);
    return ask(new FakeCall(RequestCode.HEART_BEAT, from).withBody(heartbeat.toBytes()));
  }

  static SubscriptionEntry wanting(String topic, String expression, long version) {
    return new SubscriptionEntry(topic, expression, "TAG", List.of(), List.of(), version, false);
  }

  FakeCall createGroup(String name) {
    return ask(new FakeCall(RequestCode.UPDATE_AND_CREATE_SUBSCRIPTIONGROUP)
        .withBody(GroupConfig.of(name).toBytes()));
  }

  @Override
  public void close() {
    broker.close();
  }
}
