package io.escrowmq.broker.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.remoting.FakeCall;
import io.escrowmq.remoting.FakeConnection;
import io.escrowmq.remoting.body.LockedQueues;
import io.escrowmq.remoting.body.MessageQueue;
import io.escrowmq.remoting.body.QueueLock;
import io.escrowmq.remoting.code.RequestCode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients hold as long as they say that they are there, while the machine's clock is set. */
class LeasesTest {

  private static final long HOUR = 3_600_000;
  private static final long LOCKED_FOR = 60_000;
  private static final long SILENT_FOR = 120_000;

  private final TestConsumers consumers = new TestConsumers();
  private final FakeConnection client = new FakeConnection(1);

  @BeforeEach
  void createTopic() {
    consumers.broker.createTopic("T", 1);
  }

  @AfterEach
  void close() {
    consumers.close();
  }

  @ParameterizedTest
  @ValueSource(longs = {-100 * HOUR, -HOUR, 2 * HOUR, 100 * HOUR})
  void shouldKeepALockForAMinuteWhateverTheClockSays(long jump) {
    // given
    assertThat(locks("a")).isTrue();

    // when
    consumers.broker.clock.jump(jump);
    passing(LOCKED_FOR);

    // then
    assertThat(locks("b")).isFalse();
    passing(1);
    assertThat(locks("b")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(longs = {-100 * HOUR, -HOUR, 2 * HOUR, 100 * HOUR})
  void shouldTakeAMemberForGoneAfterTwoMinutesWhateverTheClockSays(long jump) {
    // given
    consumers.createGroup("g");
    consumers.beat("a", client, "g", "T");

    // when
    consumers.broker.clock.jump(jump);
    passing(SILENT_FOR);

    // then
    assertThat(consumers.clients.consumers("g")).isNotNull();
    passing(1);
    assertThat(consumers.clients.consumers("g")).isNull();
  }

  private void passing(long millis) {
    consumers.broker.clock.advance(millis);
    consumers.members.dropSilent();
  }

  private boolean locks(String clientId) {
    MessageQueue queue = new MessageQueue("T", "broker-a", 0);
    byte[] wanted = new QueueLock("g", clientId, List.of(queue), false).toBytes();
    FakeCall call = consumers.ask(new FakeCall(RequestCode.LOCK_BATCH_MQ).withBody(wanted));
    return LockedQueues.read(call.replyBody().getBytes(StandardCharsets.UTF_8))
        .queues()
        .contains(queue);
  }
}
