package io.escrowmq.broker.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.broker.edge.ShownCall;
import io.escrowmq.remoting.Body;
import io.escrowmq.remoting.FakeCall;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.WireHeader;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.store.RecordKind;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShownChangesTest {

  private static final int ANSWERS = 40;

  @Test
  void shouldHoldNoMoreBytesOfAnswersThatWaitThanTheirShare() {
    try (TestLog log = new TestLog()) {
      // given: a change of topics that is not visible yet
      ShownChanges changes = new ShownChanges(log.log, log.loop);
      changes.change(
          log.log.append(RecordKind.TOPIC, 0, 1, (position, batch) -> batch.put((byte) 0)));

      // when: many ask for long tables
      List<FakeCall> calls = new ArrayList<>();
      byte[] table = new byte[1 << 20];
      for (int i = 0; i < ANSWERS; i++) {
        FakeCall call = new FakeCall(RequestCode.GET_ALL_TOPIC_CONFIG);
        new ShownCall(call, changes).reply(Reply.ok(table));
        calls.add(call);
      }

      // then: what is more than 16 MiB is refused at once, and takes no room of messages
      List<FakeCall> answered = calls.stream().filter(FakeCall::isAnswered).toList();
      assertThat(answered).hasSize(ANSWERS - 16);
      assertThat(answered).allMatch(call -> call.replyCode() == ResponseCode.SYSTEM_BUSY);
      assertThat(log.loop.isBusy()).isFalse();

      // and: when they are told, others may wait
      log.settle();
      assertThat(calls).allMatch(FakeCall::isAnswered);
      changes.change(
          log.log.append(RecordKind.TOPIC, 0, 1, (position, batch) -> batch.put((byte) 0)));
      FakeCall next = new FakeCall(RequestCode.GET_ALL_TOPIC_CONFIG);
      new ShownCall(next, changes).reply(Reply.ok(new byte[17 << 20]));
      assertThat(next.isAnswered()).as("one may be longer than all may be").isFalse();
    }
  }

  @Test
  void shouldLetGoOfWhatARefusedAnswerHolds() {
    try (TestLog log = new TestLog()) {
      // given: a change of topics that is not visible yet, and no room
      ShownChanges changes = new ShownChanges(log.log, log.loop);
      changes.change(
          log.log.append(RecordKind.TOPIC, 0, 1, (position, batch) -> batch.put((byte) 0)));
      new ShownCall(new FakeCall(RequestCode.GET_ALL_TOPIC_CONFIG), changes)
          .reply(Reply.ok(new byte[16 << 20]));
      HeldBody body = new HeldBody();

      // when
      FakeCall call = new FakeCall(RequestCode.GET_ALL_TOPIC_CONFIG);
      new ShownCall(call, changes).reply(Reply.ok(WireHeader.NONE, body));

      // then
      assertThat(call.replyCode()).isEqualTo(ResponseCode.SYSTEM_BUSY);
      assertThat(body.released).isOne();
    }
  }

  /** A byte that was read from something that must be let go of. */
  private static final class HeldBody implements Body {

    private int released;

    @Override
    public int length() {
      return 1;
    }

    @Override
    public void writeTo(ByteBuffer target) {
      target.put((byte) 0);
    }

    @Override
    public void release() {
      released++;
    }
  }

  @Test
  void shouldLetNothingWaitForCallersWhoWantNoAnswer() {
    try (TestLog log = new TestLog()) {
      // given: a change of topics that is not visible yet
      ShownChanges changes = new ShownChanges(log.log, log.loop);
      changes.change(
          log.log.append(RecordKind.TOPIC, 0, 1, (position, batch) -> batch.put((byte) 0)));

      // when
      FakeCall call = new FakeCall(RequestCode.GET_ALL_TOPIC_CONFIG).asOneWay();
      new ShownCall(call, changes).reply(Reply.ok(new byte[1 << 20]));

      // then
      assertThat(log.loop.waiting()).isZero();
    }
  }
}
