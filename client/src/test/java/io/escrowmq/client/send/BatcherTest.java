package io.escrowmq.client.send;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.client.Message;
import io.escrowmq.client.SendReceipt;
import io.escrowmq.client.core.FakeNetwork;
import io.escrowmq.client.core.ManualTimer;
import io.escrowmq.client.route.FakeRoutes;
import io.escrowmq.remoting.message.SpareArrays;
import io.escrowmq.remoting.message.UniqueIds;
import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Batches as they leave. */
final class BatcherTest {

  private static final Duration LINGER = Duration.ofMillis(5);
  private static final int FULL_BYTES = 1_000;

  private final ManualTimer timer = new ManualTimer();
  private final List<Integer> left = new ArrayList<>(); // bytes of each batch
  private boolean first = true;
  private boolean fails;

  private final Batcher batcher = new Batcher(
      "shop",
      timer,
      new FakeRoutes(new FakeNetwork()).routes(timer),
      new UniqueIds(InetAddress.getLoopbackAddress(), 1, 1, InstantSource.system()),
      new SpareArrays(),
      LINGER,
      FULL_BYTES,
      this::send);

  private void send(OpenBatch batch) {
    if (fails) {
      throw new IllegalStateException("it cannot be sent, as the test wants");
    }
    if (first) { // a producer is as quick as that
      first = false;
      add(new byte[FULL_BYTES]);
    }
    left.add(batch.messages().bytes());
  }

  private void add(byte[] body) {
    batcher.add(Message.to("orders").body(body), body.length);
  }

  @Test
  void shouldLetNoFullBatchOvertakeOneThatHasLingered() {
    // given
    add(new byte[1]);

    // when
    timer.advance(LINGER);

    // then
    assertThat(left).hasSize(2);
    assertThat(left.get(0)).isLessThan(FULL_BYTES);
    assertThat(left.get(1)).isGreaterThan(FULL_BYTES);
  }

  /** Whoever sends has a flag that keeps others from it: it must not stay. */
  @Test
  void shouldSendTheNextBatchAfterOneThatCouldNotBeSent() {
    // given
    first = false;
    fails = true;
    CompletableFuture<SendReceipt> lost = batcher
        .add(Message.to("orders").body(new byte[FULL_BYTES]), FULL_BYTES)
        .toCompletableFuture();

    // when
    fails = false;
    add(new byte[FULL_BYTES]);

    // then
    assertThat(lost).isCompletedExceptionally();
    assertThat(left).hasSize(1);
  }
}
