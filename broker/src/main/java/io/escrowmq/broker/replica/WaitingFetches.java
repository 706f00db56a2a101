package io.escrowmq.broker.replica;

import io.escrowmq.remoting.Call;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.header.FetchLogHeader;
import io.escrowmq.remoting.header.FetchLogResponseHeader;
import io.escrowmq.runtime.Loop;
import io.escrowmq.runtime.Ticker;
import io.escrowmq.runtime.Wakeup;
import io.escrowmq.store.CommitLog;
import io.escrowmq.store.LogChunk;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches that are kept until there is something to copy, or their time has come. Event loops add, the log's turn
 * wakes, one worker answers. A connection has one at a time, so there are no more than connections.
 */
final class WaitingFetches implements Loop {

  private static final Logger LOG = LoggerFactory.getLogger(WaitingFetches.class);

  private record Waiting(
      Call call, Peer peer, FetchLogHeader fetch, CommitLog log, long untilMillis) {

    boolean hasNews() {
      return log.written() > fetch.from();
    }

    boolean isDue(long now) {
      return hasNews() || untilMillis <= now;
    }
  }

  private final Ticker ticker;
  private final Wakeup worker;
  private final Queue<Waiting> waiting = new ConcurrentLinkedQueue<>(); // only the turn takes out

  /** @param worker turns this */
  WaitingFetches(Ticker ticker, Wakeup worker) {
    this.ticker = ticker;
    this.worker = worker;
  }

  /** Answers now or later. */
  void answer(Call call, Peer peer, FetchLogHeader fetch, CommitLog log) {
    if (log.written() > fetch.from() || fetch.waitMillis() <= 0) {
      answer(call, fetch, log);
      return;
    }
    peer.waits(true);
    waiting.add(new Waiting(call, peer, fetch, log, ticker.millis() + fetch.waitMillis()));
    worker.wake(); // what was written meanwhile has woken nobody, and there is a time to come
  }

  /** Something was written to the log. */
  void wrote() {
    if (!waiting.isEmpty()) {
      worker.wake();
    }
  }

  @Override
  public int turn() {
    int answered = 0;
    long now = ticker.millis();
    for (int left = waiting.size(); left > 0; left--) {
      Waiting one = waiting.remove();
      if (one.isDue(now)) {
        one.peer().waits(false);
        answer(one.call(), one.fetch(), one.log());
        answered++;
      } else {
        waiting.add(one);
      }
    }
    return answered;
  }

  private static void answer(Call call, FetchLogHeader fetch, CommitLog log) {
    try {
      @Nullable LogChunk chunk = log.copy().chunk(fetch.from(), fetch.mostBytes());
      FetchLogResponseHeader header = new FetchLogResponseHeader(
          chunk == null ? fetch.from() : chunk.position(),
          log.written(),
          log.start(),
          log.visible());
      call.reply(chunk == null ? Reply.ok(header) : Reply.ok(header, new ChunkBody(chunk)));
    } catch (RuntimeException e) { // the follower asks again; the others must not wait for it
      LOG.warn("a follower could not be given the log from {} on: {}", fetch.from(), e.toString());
      call.reply(Replies.unreadable(fetch.from(), e));
    }
  }

  @Override
  public boolean hasWork() {
    return waiting.stream().anyMatch(Waiting::hasNews);
  }

  @Override
  public long nextMillis() {
    return waiting.stream().mapToLong(Waiting::untilMillis).min().orElse(Long.MAX_VALUE);
  }
}
