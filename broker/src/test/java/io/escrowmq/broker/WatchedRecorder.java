package io.escrowmq.broker;

import io.escrowmq.broker.core.Recorder;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.function.Consumer;

/** A recorder each of whose calls is told before and after it is done; whoever is told may throw. */
final class WatchedRecorder {

  private WatchedRecorder() {}

  /** Both are told the name of what is called. */
  static Recorder of(Recorder recorder, Consumer<String> before, Consumer<String> after) {
    return (Recorder) Proxy.newProxyInstance(
        Recorder.class.getClassLoader(), new Class<?>[] {Recorder.class}, (self, method, given) -> {
          before.accept(method.getName());
          Object result;
          try {
            result = method.invoke(recorder, given);
          } catch (InvocationTargetException e) {
            throw e.getCause();
          }
          after.accept(method.getName());
          return result;
        });
  }
}
