package io.escrowmq.broker.core;

import java.util.concurrent.atomic.LongAdder;

/** How much went in and out since the start. Any thread adds; readers see sums that may lag. */
public final class Traffic {

  private final LongAdder messagesIn = new LongAdder();
  private final LongAdder bytesIn = new LongAdder();
  private final LongAdder messagesOut = new LongAdder();
  private final LongAdder bytesOut = new LongAdder();
  private final LongAdder pullsFound = new LongAdder();
  private final LongAdder pullsMissed = new LongAdder();
  private final LongAdder sendsRefused = new LongAdder();

  public void stored(int messages, long bytes) {
    messagesIn.add(messages);
    bytesIn.add(bytes);
  }

  public void refused() {
    sendsRefused.increment();
  }

  public void delivered(int messages, long bytes) {
    pullsFound.increment();
    messagesOut.add(messages);
    bytesOut.add(bytes);
  }

  public void missed() {
    pullsMissed.increment();
  }

  public long messagesIn() {
    return messagesIn.sum();
  }

  public long bytesIn() {
    return bytesIn.sum();
  }

  public long messagesOut() {
    return messagesOut.sum();
  }

  public long bytesOut() {
    return bytesOut.sum();
  }

  public long pullsFound() {
    return pullsFound.sum();
  }

  public long pullsMissed() {
    return pullsMissed.sum();
  }

  public long sendsRefused() {
    return sendsRefused.sum();
  }
}
