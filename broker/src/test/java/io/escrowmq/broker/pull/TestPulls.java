package io.escrowmq.broker.pull;

import io.escrowmq.broker.connected.ClientRegistry;
import io.escrowmq.broker.consumer.GroupCreation;
import io.escrowmq.broker.core.HeapBudget;
import io.escrowmq.broker.core.TestLog;
import io.escrowmq.broker.metrics.Traffic;
import io.escrowmq.broker.topic.TopicFeature;
import io.escrowmq.remoting.FakeCall;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.header.PullFlags;
import io.escrowmq.remoting.header.PullMessageHeader;

/** Makes the handler of pulls over a test's log. */
public final class TestPulls {

  /** With bounds that a test soon reaches. */
  static final PullSettings SMALL =
      new PullSettings(32, 32, 256 * 1024, 100, 1 << 20, 512 * 1024, 256 * 1024, 10);

  private TestPulls() {}

  /** A pull of the queue of "orders" that does not wait. */
  static FakeCall pull(PullHandler pulls, int queueId, long offset, int most) {
    FakeCall call = new FakeCall(RequestCode.PULL_MESSAGE);
    pulls.accept(
        call,
        new PullMessageHeader(
            "group",
            "orders",
            queueId,
            offset,
            most,
            PullFlags.SUBSCRIPTION,
            0,
            0,
            "*",
            0,
            "TAG",
            Integer.MAX_VALUE));
    return call;
  }

  static PullHandler over(TestLog broker, PullSettings settings) {
    return over(broker, new ClientRegistry(HeapBudget.unbounded()), settings);
  }

  public static PullHandler over(TestLog broker, ClientRegistry clients, PullSettings settings) {
    return over(broker, clients, settings, OffsetBeyondEnd.RECORDED, new Traffic());
  }

  static PullHandler over(
      TestLog broker,
      ClientRegistry clients,
      PullSettings settings,
      OffsetBeyondEnd beyondEnd,
      Traffic traffic) {
    return new PullHandler(new Pulls(
        broker.state.logCore(),
        broker.state.feature(TopicFeature.class),
        new GroupCreation(broker.groups, broker.topics, true)::find,
        clients,
        broker.offsets,
        settings,
        beyondEnd,
        traffic));
  }
}
