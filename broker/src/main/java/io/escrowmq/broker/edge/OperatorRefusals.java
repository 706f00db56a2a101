package io.escrowmq.broker.edge;

import static io.escrowmq.remoting.code.ResponseCode.*;

import io.escrowmq.broker.refusal.Refusal;

/** The part of {@link RefusalPage} about connected clients, and about what operators ask. Pure. */
final class OperatorRefusals {

  private OperatorRefusals() {}

  static void addTo(RefusalLines page) {
    groups(page);
    clients(page);
    page.put(
        Refusal.NoMessageOfId.class,
        SYSTEM_ERROR,
        it -> "the id " + it.id() + " leads to no message of this broker");
    page.put(
        Refusal.NoHalfOfId.class, SYSTEM_ERROR, it -> it.id() + " is not the id of a half-message");
    page.put(
        Refusal.NoStatistic.class,
        SYSTEM_ERROR,
        it -> "the statistic " + it.name() + " has nothing for the key " + it.key());
    page.put(
        Refusal.FixedSetting.class,
        NO_PERMISSION,
        it -> "the key " + it.key() + " cannot be changed while the broker runs");
  }

  private static void groups(RefusalLines page) {
    page.put(
        Refusal.ConsumersAway.class,
        CONSUMER_NOT_ONLINE,
        it -> "no consumer of the group " + it.group() + " is connected");
    page.put(
        Refusal.NoMembers.class,
        SYSTEM_ERROR,
        it -> "no consumer of the group " + it.group() + " that was asked for is connected");
    page.put(
        Refusal.NoProducers.class,
        SYSTEM_ERROR,
        it -> "no producer of the group " + it.group() + " is connected");
    page.put(
        Refusal.NoSubscription.class,
        SUBSCRIPTION_NOT_EXIST,
        it -> "the group " + it.group() + " is not connected or has not subscribed to '"
            + it.topic() + "'");
  }

  private static void clients(RefusalLines page) {
    page.put(
        Refusal.NoClient.class,
        SYSTEM_ERROR,
        it -> "the client " + it.client() + " of the group " + it.group() + " is not connected");
    page.put(
        Refusal.ClientLate.class,
        CONSUME_MSG_TIMEOUT,
        it -> "the client " + it.client() + " did not answer within " + it.seconds() + " s");
    page.put(
        Refusal.ClientNotAsked.class,
        SYSTEM_ERROR,
        it -> "the client " + it.client() + " cannot be asked: " + it.why());
    page.put(
        Refusal.OddAnswer.class, SYSTEM_ERROR, it -> "the client answered with code " + it.code());
  }
}
