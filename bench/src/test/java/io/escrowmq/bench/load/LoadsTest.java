package io.escrowmq.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class LoadsTest {
  private static final Duration LONG = Duration.ofMinutes(1);

  @Test
  void shouldGiveThePlaceInTheWindowBackHoweverASendEnds() throws Exception {
    // given
    FakeTarget target = new FakeTarget();

    // when: more sends than places, a third refused, a third failed at once
    Figures figures = new AsyncSends(target, 2).measure(30, LONG);

    // then
    assertThat(figures.messages()).isEqualTo(10);
    assertThat(figures.failures()).isEqualTo(20);
  }

  @Test
  void shouldCountTheMessagesOfATransactionAndTellItsLatencyAfterwards() throws Exception {
    // given
    FakeSessions sessions = new FakeSessions();
    WholeTransactions load = new WholeTransactions(sessions, 3, 100);
    load.prepare(600, LONG);

    // when
    Figures figures = load.measure(1000, LONG);
    Aftermath aftermath = load.aftermath(LONG);
    load.end();

    // then
    assertThat(sessions.opened).hasValue(3);
    assertThat(sessions.committed).hasValue(6 + 10);
    assertThat(figures.messages()).isEqualTo(1000);
    assertThat(figures.maxMicros()).isZero();
    assertThat(aftermath.visible()).isEqualTo(1000);
    assertThat(sessions.closed).hasValue(1);
  }

  /** Acknowledges, refuses and throws, in turn. */
  private static final class FakeTarget implements Target {
    private int sends;

    @Override
    public String send() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void sendAsync(byte[] body, Outcome outcome) {
      switch (sends++ % 3) {
        case 0 -> outcome.acknowledged(null);
        case 1 -> outcome.failed(new IllegalStateException("refused"));
        default -> throw new IllegalStateException("not sent");
      }
    }

    @Override
    public String sendBatch(int size) {
      throw new UnsupportedOperationException();
    }

    @Override
    public AutoCloseable consume(Consumer<byte[]> each) {
      throw new UnsupportedOperationException();
    }
  }

  private static final class FakeSessions implements Sessions {
    private final AtomicInteger opened = new AtomicInteger();
    private final AtomicInteger committed = new AtomicInteger();
    private final AtomicInteger closed = new AtomicInteger();

    @Override
    public Session open() {
      opened.incrementAndGet();
      return committed::incrementAndGet;
    }

    @Override
    public long visible() {
      return 100L * committed.get();
    }

    @Override
    public void close() {
      closed.incrementAndGet();
    }
  }
}
