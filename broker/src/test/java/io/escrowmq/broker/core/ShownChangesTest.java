package io.escrowmq.broker.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.broker.edge.ShownCall;
import io.escrowmq.remoting.FakeCall;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.store.RecordKind;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShownChangesTest {

  private static final int ANSWERS = 40;

  @Test
  void shouldHoldNoMoreBytesOfAnswersThatWaitThanTheInboxMay() {
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

      // then: what is more than the 16 MiB of the test's inbox is refused at once
      List<FakeCall> answered = calls.stream().filter(FakeCall::isAnswered).toList();
      assertThat(answered).hasSize(ANSWERS - 16);
      assertThat(answered).allMatch(call -> call.replyCode() == ResponseCode.SYSTEM_BUSY);
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
