package io.escrowmq.systemtests.driver;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.apache.rocketmq.client.exception.MQBrokerException;
import org.apache.rocketmq.client.exception.MQClientException;

/** The clients throw checked exceptions of many types; a test sees one. */
final class ExceptionTranslator {

  private ExceptionTranslator() {}

  /** As {@link Callable}, without a value. */
  interface Action {
    void run() throws Exception;
  }

  static void run(Action action) {
    get(() -> {
      action.run();
      return "";
    });
  }

  static <T> T get(Callable<T> action) {
    try {
      return action.call();
    } catch (ExecutionException wrapped) {
      throw told(wrapped.getCause() == null ? wrapped : wrapped.getCause());
    } catch (Exception thrown) {
      throw told(thrown);
    }
  }

  static DriverException told(Throwable thrown) {
    if (thrown instanceof DriverException alreadySo) {
      return alreadySo;
    }
    int code = -1;
    if (thrown instanceof MQBrokerException refused) {
      code = refused.getResponseCode();
    } else if (thrown instanceof MQClientException failed) {
      // after its retries a producer wraps the broker's last answer
      code = failed.getCause() instanceof MQBrokerException last
          ? last.getResponseCode()
          : failed.getResponseCode();
    }
    return new DriverException(
        thrown.getClass().getSimpleName(), code, String.valueOf(thrown.getMessage()));
  }
}
