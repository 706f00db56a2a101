package io.escrowmq.client.pull;

import io.escrowmq.client.TopicQueue;
import io.escrowmq.client.core.Timer;
import io.escrowmq.remoting.Answer;
import io.escrowmq.remoting.BadInputException;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.header.PullResponseHeader;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pulls one queue, one request at a time, as long as there is room for what comes. The broker keeps a
 * pull that finds nothing until there is something. Any thread; state is guarded by this.
 */
public final class QueuePuller {

  private static final Logger LOG = LoggerFactory.getLogger(QueuePuller.class);
  private static final Duration BUSY_PAUSE = Duration.ofMillis(20);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);
  private static final long WAITED_NANOS = Duration.ofMillis(20).toNanos();

  /** Asks a broker for messages. */
  public interface Source {

    /**
     * Fails with a typed exception when the queue's broker is not known.
     *
     * @param done the offset of the first message that is not done; -1 when nothing is to be recorded
     */
    CompletionStage<Answer> pull(TopicQueue queue, long offset, long done);
  }

  /** Takes what was pulled; called in the order of the queue, never twice at once. */
  public interface Sink {

    /** Whether there is room for more; if not, {@link QueuePuller#wake} is called later. */
    boolean hasRoom();

    /**
     * Reads what came and keeps it.
     *
     * @param nextOffset the next pull begins there; all before it has been looked at
     */
    void pulled(byte[] body, long nextOffset);

    /** The offset of the first message that is not done; -1 when nothing is to be recorded. */
    long done();

    /** The queue does not have the offset that was asked for; it goes on here. */
    void moved(long nextOffset);
  }

  private final TopicQueue queue;
  private final Source source;
  private final Timer timer;
  private final Sink sink;

  private long offset = -1; // of the next pull; -1 before the start
  private long askedMillis; // when the last pull began; 0 before the start
  private int generation; // answers to pulls of an earlier one are ignored
  private boolean pulling; // a pull of this generation is under way, or a pause before the next
  private boolean stopped;
  private Duration pause = FIRST_PAUSE;

  public QueuePuller(TopicQueue queue, Source source, Timer timer, Sink sink) {
    this.queue = queue;
    this.source = source;
    this.timer = timer;
    this.sink = sink;
  }

  /** Begins with this offset. */
  public void begin(long from) {
    seek(from, () -> {});
  }

  /**
   * Goes on with this offset; what a pull under way brings is ignored.
   *
   * @param reset forgets what was pulled before, and must be quick
   */
  public void seek(long from, Runnable reset) {
    synchronized (this) {
      reset.run();
      offset = from;
      generation++;
      pulling = false;
    }
    wake();
  }

  /** There may be room again. */
  public void wake() {
    long from;
    int mine;
    synchronized (this) {
      if (stopped || pulling || offset < 0 || !sink.hasRoom()) {
        return;
      }
      pulling = true;
      from = offset;
      mine = generation;
      askedMillis = timer.millis();
    }
    pull(from, mine);
  }

  /** When the last pull began, 0 for never. */
  public synchronized long askedMillis() {
    return askedMillis;
  }

  public synchronized void stop() {
    stopped = true;
  }

  private void pull(long from, int mine) {
    long asked = timer.nanoTime();
    try {
      source.pull(queue, from, sink.done()).whenComplete((answer, failure) -> {
        Duration wait = answer == null
            ? failed(mine, String.valueOf(failure == null ? null : failure.getMessage()))
            : judged(mine, answer, timer.nanoTime() - asked);
        if (wait != null) {
          goOn(mine, wait);
        }
      });
    } catch (RuntimeException e) { // it could not even be asked
      Duration wait = failed(mine, e.toString());
      if (wait != null) {
        goOn(mine, wait);
      }
    }
  }

  // A failure here must not end the pulling of this queue: nothing would begin it again.
  private @Nullable Duration judged(int mine, Answer answer, long tookNanos) {
    try {
      return answered(mine, answer, tookNanos);
    } catch (RuntimeException | Error e) {
      return failed(mine, "an answer could not be taken: " + e);
    }
  }

  /** Takes what the answer says; returns the pause before the next pull, or null for none at all. */
  private synchronized @Nullable Duration answered(int mine, Answer answer, long tookNanos) {
    if (stopped || mine != generation) {
      return null;
    }
    ResponseCode code = ResponseCode.of(answer.code());
    if (code == ResponseCode.FLOW_CONTROL) {
      return BUSY_PAUSE;
    }
    if (code != ResponseCode.SUCCESS
        && code != ResponseCode.PULL_NOT_FOUND
        && code != ResponseCode.PULL_RETRY_IMMEDIATELY
        && code != ResponseCode.PULL_OFFSET_MOVED) {
      return failed(mine, "code " + answer.code() + ", " + answer.remark());
    }
    try {
      long next = PullResponseHeader.FIELDS.read(answer.fields()).nextBeginOffset();
      if (code == ResponseCode.PULL_OFFSET_MOVED) {
        LOG.info("{} has no offset {}, goes on at {}", queue, offset, next);
        offset = next;
        sink.moved(next);
      } else {
        sink.pulled(answer.body(), next);
        offset = next;
      }
    } catch (BadInputException e) {
      return failed(mine, "an answer that cannot be read: " + e.getMessage());
    }
    pause = FIRST_PAUSE;
    boolean didNotWait = code == ResponseCode.PULL_NOT_FOUND && tookNanos < WAITED_NANOS;
    return didNotWait ? BUSY_PAUSE : Duration.ZERO;
  }

  private synchronized @Nullable Duration failed(int mine, String why) {
    if (stopped || mine != generation) {
      return null;
    }
    LOG.warn("pulling {} at {} failed, again in {}: {}", queue, offset, pause, why);
    Duration now = pause;
    Duration twice = pause.multipliedBy(2);
    pause = twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
    return now;
  }

  private void goOn(int mine, Duration wait) {
    if (!wait.isZero()) {
      timer.after(wait, () -> goOn(mine, Duration.ZERO));
      return;
    }
    synchronized (this) {
      if (mine != generation) {
        return;
      }
      pulling = false;
    }
    wake();
  }
}
