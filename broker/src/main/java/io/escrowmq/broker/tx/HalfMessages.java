package io.escrowmq.broker.tx;

import io.escrowmq.broker.core.HeapBudget;
import io.escrowmq.broker.core.LogLoop;
import io.escrowmq.broker.intake.Destination;
import io.escrowmq.broker.intake.EncodedMessages;
import io.escrowmq.broker.intake.HalfIntake;
import io.escrowmq.broker.intake.HalfTerms;
import io.escrowmq.broker.intake.MessageAppend;
import io.escrowmq.broker.recent.Once;
import io.escrowmq.remoting.Connection;
import io.escrowmq.tx.TransactionCoordinator;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The one way into escrow for half-messages. Any event loop. */
public final class HalfMessages implements HalfIntake {

  private final LogLoop loop;
  private final TransactionCoordinator coordinator;
  private final Producers producers;
  private final HeapBudget.Kind memory;

  public HalfMessages(
      LogLoop loop,
      TransactionCoordinator coordinator,
      Producers producers,
      HeapBudget.Kind memory) {
    this.loop = loop;
    this.coordinator = coordinator;
    this.producers = producers;
    this.memory = memory;
  }

  @Override
  public void offer(
      Connection sender,
      HalfTerms terms,
      Destination destination,
      int queueId,
      EncodedMessages messages,
      Once once,
      MessageAppend.Outcome outcome) {
    HalfRecording.Origin origin = new HalfRecording.Origin(
        terms,
        producers.sent(terms.group(), destination.topic(), sender),
        firstCheckAfterMillis(terms));
    HalfRecording recording = new HalfRecording(coordinator, memory, origin, queueId, messages);
    new MessageAppend(destination, messages, recording, once, outcome).offerTo(loop);
  }

  private int firstCheckAfterMillis(HalfTerms terms) {
    return terms.isPrepared() ? HalfRecord.NEVER : immunityMillis(terms.immunitySeconds());
  }

  // Like the protocol's own brokers: what is no number above 0 counts as not given.
  private int immunityMillis(@Nullable String immunitySeconds) {
    long millis = coordinator.firstCheckAfterMillis();
    if (immunitySeconds != null) {
      try {
        long seconds = Long.parseLong(immunitySeconds.trim());
        millis =
            seconds > 0 ? TimeUnit.SECONDS.toMillis(Math.min(seconds, Integer.MAX_VALUE)) : millis;
      } catch (NumberFormatException e) {
        // as if it were not there
      }
    }
    return (int) Math.min(millis, Integer.MAX_VALUE);
  }
}
