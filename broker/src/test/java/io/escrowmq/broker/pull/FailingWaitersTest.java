package io.escrowmq.broker.pull;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.broker.core.TestLog;
import io.escrowmq.remoting.Connection;
import io.escrowmq.remoting.FakeCall;
import io.escrowmq.remoting.FakeConnection;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.header.PullFlags;
import io.escrowmq.remoting.header.PullMessageHeader;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Pulls that wait on one queue; one of them cannot be woken. The others are, and nobody is counted for ever. */
class FailingWaitersTest {

  private static final int WAIT_MILLIS = 5_000;

  private final TestLog broker = new TestLog();
  private final PullHandler pulls = TestPulls.over(broker, TestPulls.SMALL);

  @BeforeEach
  void createTopic() {
    broker.createTopic("orders", 1);
  }

  @AfterEach
  void close() {
    broker.close();
  }

  @Test
  void shouldBringAMessageToAllOthers() {
    // given
    List<FakeCall> calls =
        List.of(pull(new FakeConnection(1)), pull(closing()), pull(new FakeConnection(2)));

    // when
    broker.send("orders", 0, "news", "", 0);
    pulls.pulls().arrivals().arrived(broker.queues.obtain("orders", 0));

    // then
    assertThat(calls.get(0).replyBody()).contains("news");
    assertThat(calls.get(2).replyBody()).contains("news");
    assertThat(pulls.pulls().waiting()).isZero();
  }

  @Test
  void shouldAnswerAllOthersWhenTheirDeadlineHasCome() {
    // given
    List<FakeCall> calls =
        List.of(pull(new FakeConnection(1)), pull(closing()), pull(new FakeConnection(2)));

    // when
    broker.clock.advance(WAIT_MILLIS);
    pulls.pulls().onTick();

    // then
    assertThat(calls.get(0).replyCode()).isEqualTo(ResponseCode.PULL_NOT_FOUND);
    assertThat(calls.get(2).replyCode()).isEqualTo(ResponseCode.PULL_NOT_FOUND);
    assertThat(pulls.pulls().waiting()).isZero();
  }

  /** A connection whose event loop takes nothing more. */
  private static Connection closing() {
    FakeConnection connection = new FakeConnection(3);
    return (Connection) Proxy.newProxyInstance(
        Connection.class.getClassLoader(),
        new Class<?>[] {Connection.class},
        (self, method, given) -> {
          if (method.getName().equals("execute")) {
            throw new RejectedExecutionException("the event loop has ended, as the test wants");
          }
          try {
            return method.invoke(connection, given);
          } catch (InvocationTargetException e) {
            throw e.getCause();
          }
        });
  }

  private FakeCall pull(Connection from) {
    FakeCall call = new FakeCall(RequestCode.PULL_MESSAGE, from);
    pulls.accept(
        call,
        new PullMessageHeader(
            "group",
            "orders",
            0,
            0,
            32,
            PullFlags.SUBSCRIPTION | PullFlags.SUSPEND,
            0,
            WAIT_MILLIS,
            "*",
            0,
            "TAG",
            Integer.MAX_VALUE));
    return call;
  }
}
