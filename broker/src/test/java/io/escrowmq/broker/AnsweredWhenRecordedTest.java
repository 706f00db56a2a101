package io.escrowmq.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.remoting.FakeCall;
import io.escrowmq.remoting.FakeConnection;
import io.escrowmq.remoting.Request;
import io.escrowmq.remoting.body.GroupConfig;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.header.OrderTransactionHeader;
import io.escrowmq.remoting.message.SysFlags;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a request has changed is in the log before its answer: a kill after it takes nothing back. */
class AnsweredWhenRecordedTest {

  private static final int REQUESTS = 1_000;
  private static final long OFFSETS_ARE_RECORDED_MILLIS = 1_000;

  /** What comes with the work of consumers, and comes again when it is lost. */
  private static final Set<RequestCode> RECORDED_LATER = EnumSet.of(
      RequestCode.UPDATE_CONSUMER_OFFSET, // within a second; a kill brings messages twice
      RequestCode.PULL_MESSAGE, // the same, and a group that comes into being by being used
      RequestCode.LITE_PULL_MESSAGE,
      RequestCode.HEART_BEAT, // such a group
      RequestCode.GET_SUBSCRIPTIONGROUP_CONFIG); // the same

  @Test
  void shouldHaveRecordedWhatItAnswers() {
    EnumSet<RequestCode> recorded = EnumSet.noneOf(RequestCode.class);
    for (long seed = 0; seed < 4; seed++) {
      play(seed, recorded);
    }
    assertThat(recorded)
        .contains(
            RequestCode.CLONE_GROUP_OFFSET,
            RequestCode.INVOKE_BROKER_TO_RESET_OFFSET,
            RequestCode.UPDATE_AND_CREATE_TOPIC,
            RequestCode.UPDATE_AND_CREATE_SUBSCRIPTIONGROUP);
  }

  private static void play(long seed, Set<RequestCode> recorded) {
    // given: groups with offsets, and nothing in escrow that is asked about as time passes
    FailingCore core = new FailingCore();
    core.dispatch(core.call(RequestCode.ORDER_TRANSACTION)
        .with(new OrderTransactionHeader(core.half, SysFlags.TRANSACTION_ROLLBACK, "me", "over")));
    RandomRequests requests = new RandomRequests(seed);
    for (String name : new String[] {"wild-0", "wild-1", "wild-2"}) {
      core.broker.createTopic(name, 4);
      core.dispatch(core.call(RequestCode.UPDATE_AND_CREATE_SUBSCRIPTIONGROUP)
          .withBody(GroupConfig.of(name).toBytes()));
      core.settle();
    }
    for (int i = 0; i < REQUESTS; i++) {
      Request request = requests.next();
      if (RECORDED_LATER.contains(request.code()) || request.code().name().startsWith("SEND_")) {
        continue;
      }
      core.broker.offsets.report("wild-" + i % 3, "wild-" + i / 3 % 3, i % 4, i);
      core.broker.clock.advance(OFFSETS_ARE_RECORDED_MILLIS);
      core.settle();
      FakeCall call = new FakeCall(request, new FakeConnection());
      long before = core.broker.log.end();

      // when
      core.dispatch(call);
      long atAnswer = before;
      if (!call.isAnswered()) {
        core.settle();
        atAnswer = core.broker.log.end();
      }

      // then: nothing follows
      if (atAnswer > before) {
        recorded.add(request.code());
      }
      core.broker.clock.advance(OFFSETS_ARE_RECORDED_MILLIS);
      core.settle();
      assertThat(core.broker.log.end())
          .as("seed %d, request %d: %s", seed, i, request.code())
          .isEqualTo(atAnswer);
    }
    core.broker.close();
  }

  @Test
  void shouldFindCopiedOffsetsAfterAKill() {
    // given
    FailingCore core = new FailingCore();
    core.broker.offsets.report(FailingCore.OTHERS, FailingCore.TOPIC, 0, 1); // of a moment before
    core.broker.offsets.report(FailingCore.GROUP, FailingCore.TOPIC, 0, 7);
    core.broker.offsets.report(FailingCore.GROUP, FailingCore.TOPIC, 3, 9);
    core.settle(); // they are recorded, the next ones a second later

    // when
    FakeCall call = core.dispatch(core.call(RequestCode.CLONE_GROUP_OFFSET)
        .with("srcGroup", FailingCore.GROUP)
        .with("destGroup", FailingCore.OTHERS));
    core.broker.loop.turn();

    // then
    assertThat(call.isAnswered()).isTrue();
    assertThat(core.broker.offsets.all(FailingCore.OTHERS, FailingCore.TOPIC)).containsEntry(0, 7L);
    assertThat(core.broker.killAndOpen().offsets().all(FailingCore.OTHERS, FailingCore.TOPIC))
        .containsEntry(0, 7L)
        .containsEntry(3, 9L);
  }
}
