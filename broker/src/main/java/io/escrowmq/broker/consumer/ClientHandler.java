package io.escrowmq.broker.consumer;

import io.escrowmq.broker.connected.ConsumerProfile;
import io.escrowmq.broker.edge.CallOutcome;
import io.escrowmq.remoting.Call;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.body.CheckClient;
import io.escrowmq.remoting.body.ConsumerIds;
import io.escrowmq.remoting.body.Heartbeat;
import io.escrowmq.remoting.header.ConsumerGroupHeader;
import io.escrowmq.remoting.header.HeartbeatResponseHeader;
import io.escrowmq.remoting.header.UnregisterClientHeader;

/** Clients say that they live, leave, and ask for one another, as the protocol has it. Any event loop. */
final class ClientHandler {

  private final Members members;

  ClientHandler(Members members) {
    this.members = members;
  }

  /**
   * HEART_BEAT.
   *
   * <p>We never say that we understand the shorter form of heartbeats: clients then always send all
   * they want, and a broker that was restarted needs to ask nobody.
   */
  void heartbeat(Call call, Heartbeat heartbeat) {
    Members.Client client = new Members.Client(
        heartbeat.clientId(), call.connection(), call.language(), call.version());
    members.beat(
        new Members.Beat(
            client,
            heartbeat.producerGroups(),
            heartbeat.consumers().stream().map(ClientHandler::wanting).toList(),
            heartbeat.withoutSubscriptions()),
        new CallOutcome<>(call, changed -> Reply.ok(new HeartbeatResponseHeader(false, changed))));
  }

  private static Members.ConsumerWish wanting(Heartbeat.ConsumerEntry entry) {
    return new Members.ConsumerWish(
        entry.group(),
        new ConsumerProfile(entry.consumeType(), entry.messageModel(), entry.consumeFromWhere()),
        entry.subscriptions());
  }

  /** UNREGISTER_CLIENT. */
  void unregister(Call call, UnregisterClientHeader header) {
    CallOutcome.answer(call, () -> {
      members.leave(
          header.clientId(), call.connection(), header.producerGroup(), header.consumerGroup());
      return Reply.ok();
    });
  }

  /** CHECK_CLIENT_CONFIG: a consumer asks before it starts whether we can filter as it wants. */
  void check(Call call, CheckClient question) {
    CallOutcome.answer(call, () -> {
      members.check(question.subscription());
      return Reply.ok();
    });
  }

  /** GET_CONSUMER_LIST_BY_GROUP. */
  void members(Call call, ConsumerGroupHeader header) {
    CallOutcome.answer(
        call, () -> Reply.ok(new ConsumerIds(members.ids(header.consumerGroup())).toBytes()));
  }
}
