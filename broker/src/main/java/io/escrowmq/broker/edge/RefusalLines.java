package io.escrowmq.broker.edge;

import io.escrowmq.broker.refusal.Refusal;
import io.escrowmq.remoting.code.ResponseCode;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/** The number and the words of each kind of refusal. Filled while a class is loaded, then only read. */
final class RefusalLines {

  /** How refusals of one kind are told. */
  record Line(ResponseCode code, Function<Refusal, String> words) {}

  private final Map<Class<?>, Line> lines = new HashMap<>();

  <R extends Refusal> void put(Class<R> kind, ResponseCode code, Function<R, String> words) {
    lines.put(kind, new Line(code, refusal -> words.apply(kind.cast(refusal))));
  }

  /** Fails if there is a kind of refusal without a line. */
  void requireAll() {
    for (Class<?> kind : Refusal.class.getPermittedSubclasses()) {
      if (!lines.containsKey(kind)) {
        throw new IllegalStateException("nobody says how " + kind.getSimpleName() + " is told");
      }
    }
  }

  Line of(Refusal refusal) {
    Line line = lines.get(refusal.getClass());
    if (line == null) {
      throw new IllegalStateException("no line for " + refusal.getClass());
    }
    return line;
  }
}
