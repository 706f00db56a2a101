package io.escrowmq.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.broker.core.LogEngine;
import io.escrowmq.broker.core.ManualClock;
import io.escrowmq.remoting.FakeCall;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.header.SendMessageHeader;
import io.escrowmq.store.CommitLog;
import io.escrowmq.store.SimulatedFileSystem;
import io.escrowmq.store.state.StateFiles;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What a core makes of the news that enough replicas have more of its log. */
class CommittedCoreTest {

  private final SimulatedFileSystem files = new SimulatedFileSystem(1);
  private final ManualClock clock = new ManualClock(1_700_000_000_000L);

  @Test
  void shouldSettleAndTellAgainWhenItCannotBeToldThatItIsOpen() {
    // given: a log that no follower is known to have, and somebody who does not hear at once
    try (CurrentCore alone = started(false, () -> {})) {
      FakeCall call = send(alone);
      Awaitility.await().until(call::isAnswered);
    }
    AtomicInteger tries = new AtomicInteger();
    Runnable whenOpen = () -> {
      if (tries.incrementAndGet() < 3) {
        throw new IllegalStateException("no thread for the routes");
      }
    };
    try (CurrentCore current = started(true, whenOpen)) {
      CommitLog log = Objects.requireNonNull(current.log());
      assertThat(current.isOpen()).isFalse();

      // when
      commit(current, log.end());
      FakeCall call = send(current);
      Awaitility.await().until(() -> {
        commit(current, log.written());
        return call.isAnswered();
      });

      // then
      assertThat(call.replyCode()).isEqualTo(ResponseCode.SUCCESS);
      assertThat(current.failure()).isNull();

      // when
      commit(current, log.written());
      commit(current, log.written());

      // then
      assertThat(tries).as("told until it is heard, and no more").hasValue(3);
    }
  }

  private FakeCall send(CurrentCore current) {
    SendMessageHeader header = new SendMessageHeader(
        "pg", "orders", "TBW102", 1, 0, 0, clock.millis(), 0, "", 0, false, -1, false);
    FakeCall call = new FakeCall(RequestCode.SEND_MESSAGE_V2).with(header).withBody("body");
    current.requests().dispatch(call);
    current.requests().readDone();
    return call;
  }

  private CurrentCore started(boolean replicas, Runnable whenOpen) {
    StateFiles states = new StateFiles(files, Path.of("/data/state"));
    CorePlan plan = TestCores.plan(new TestSettings().build(), files, states, clock.surroundings());
    CurrentCore core = new CurrentCore(
        new CorePlan(
            plan.settings(),
            plan.host(),
            files,
            states,
            plan.background(),
            plan.surroundings(),
            plan.heap(),
            LogEngine.maker(
                new LogEngine.Awaited(false, replicas, () -> {}, () -> null),
                plan.surroundings(),
                why -> {})),
        newest -> {},
        whenOpen,
        reason -> {});
    core.recover();
    core.start();
    return core;
  }

  private static void commit(CurrentCore current, long position) {
    CommitLog log = current.log();
    assertThat(log).isNotNull();
    log.commit(position);
    current.committed();
  }
}
