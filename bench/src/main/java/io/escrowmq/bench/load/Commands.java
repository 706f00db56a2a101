package io.escrowmq.bench.load;

import io.escrowmq.bench.Mode;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * What a load generator's process can be told; {@link Conversation} says how.
 *
 * <pre>
 * probe     topic seconds                      sends until the first acknowledgement
 * topic     topic queues                       creates the topic and waits for its route
 * prepare   mode topic messages backlog seconds
 * measure   messages seconds
 * aftermath seconds                            what became of the transactions that were measured
 * end                                          of the load that was prepared
 * fill      topic bytes seconds                batches until the log has reached this position
 * </pre>
 */
final class Commands {
  private static final long PROBE_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

  private final Driver driver;
  private Load prepared = Load.NONE;

  Commands(Driver driver) {
    this.driver = driver;
  }

  /** Does what a command says and hands back the answer. */
  String answer(String word, Arguments given) throws Exception {
    return switch (word) {
      case "probe" -> probe(() -> driver.probe(given.text("topic")), given.atMost());
      case "topic" -> {
        driver.create(given.text("topic"), (int) given.number("queues"));
        yield "ok";
      }
      case "prepare" -> {
        prepared = driver.load(
            Mode.named(given.text("mode")), given.text("topic"), given.number("backlog"));
        prepared.prepare(given.number("messages"), given.atMost());
        yield "ok";
      }
      case "measure" ->
        prepared.measure(given.number("messages"), given.atMost()).line();
      case "aftermath" -> prepared.aftermath(given.atMost()).line();
      case "end" -> {
        prepared.end();
        prepared = Load.NONE;
        yield "ok";
      }
      case "fill" ->
        driver
            .load(Mode.RESTART, given.text("topic"), given.number("bytes"))
            .measure(Long.MAX_VALUE, given.atMost())
            .line();
      default -> throw new IllegalArgumentException("no command " + word);
    };
  }

  /** Failures are what is expected until the broker is there. */
  static String probe(Probe once, Duration atMost) throws InterruptedException {
    Budget patience = new Budget(0, atMost);
    String refusal = "";
    while (!patience.isLate()) {
      try {
        once.run();
        return "acknowledged";
      } catch (InterruptedException e) {
        throw e;
      } catch (Exception e) {
        refusal = e.toString();
      }
      LockSupport.parkNanos(PROBE_PAUSE_NANOS);
    }
    return "failed no acknowledgement in " + atMost + "; at last " + refusal.replace('\n', ' ');
  }

  /** Throws when there is no acknowledgement. */
  @FunctionalInterface
  interface Probe {
    void run() throws Exception;
  }
}
