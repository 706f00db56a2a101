package io.escrowmq.broker.tx;

import io.escrowmq.broker.core.LogLoop;
import io.escrowmq.broker.core.Proposal;
import io.escrowmq.broker.core.Refusals;
import io.escrowmq.broker.refusal.Refusal;
import io.escrowmq.broker.refusal.RefusedException;
import io.escrowmq.remoting.body.TransactionEntry;
import io.escrowmq.store.StorageException;
import io.escrowmq.tx.EscrowFigures;
import io.escrowmq.tx.OpenTransaction;
import io.escrowmq.tx.TransactionFilter;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What operators may look at, whatever protocol they speak. Any thread. */
final class TransactionQueries {

  private static final int MOST_OF_PAGE = 1000;

  /**
   * What an operator wants to see.
   *
   * @param group of these producers; null: of all
   * @param olderThanMillis 0 for all
   * @param after the id behind which the page begins
   */
  record Query(
      @Nullable String group, long olderThanMillis, boolean suspended, long after, int most) {}

  /**
   * Open transactions, with the figures of all.
   *
   * @param ageMillis of the oldest one
   */
  record Listing(EscrowFigures figures, long ageMillis, List<TransactionEntry> open) {}

  private record Page(EscrowFigures figures, List<OpenTransaction> open) {}

  private final LogLoop loop;
  private final EscrowParts escrow;
  private final TransactionViews views;
  private final InstantSource clock;

  TransactionQueries(
      LogLoop loop, EscrowParts escrow, TransactionViews views, InstantSource clock) {
    this.loop = loop;
    this.escrow = escrow;
    this.views = views;
    this.clock = clock;
  }

  void list(Query wanted, TransactionQuery.Asker<Listing> asker) {
    if (wanted.most() < 1 || wanted.most() > MOST_OF_PAGE) {
      asker.refused(new Refusal.BadValue(
          "most is " + wanted.most() + ", 1 to " + MOST_OF_PAGE + " are allowed"));
      return;
    }
    long nowMillis = clock.millis();
    TransactionFilter filter = new TransactionFilter(
        wanted.group(),
        wanted.olderThanMillis() <= 0 ? Long.MAX_VALUE : nowMillis - wanted.olderThanMillis(),
        wanted.suspended(),
        wanted.after(),
        wanted.most());
    offer(
        new TransactionQuery<>(
            escrow.coordinator(),
            coordinator -> new Page(coordinator.count(), coordinator.list(filter)),
            new Reading<>(asker, page -> listing(page, nowMillis)),
            escrow.answers()),
        asker);
  }

  private Listing listing(Page page, long nowMillis) {
    return new Listing(
        page.figures(),
        TransactionMetrics.ageMillis(page.figures(), nowMillis),
        page.open().stream().map(views::open).toList());
  }

  /** A transaction by one of its half-messages, open or decided. */
  void show(long id, TransactionQuery.Asker<TransactionEntry> asker) {
    offer(
        new TransactionQuery<>(
            escrow.coordinator(),
            coordinator -> Optional.ofNullable(coordinator.find(id)),
            new Reading<>(asker, open -> open.map(views::open).orElseGet(() -> decided(id))),
            escrow.answers()),
        asker);
  }

  private TransactionEntry decided(long id) {
    String what = "the half-message " + id;
    DecisionRecord decided;
    try {
      decided = escrow.archive().find(id);
    } catch (StorageException e) {
      throw new RefusedException(
          new Refusal.DecisionUnreadable(what, String.valueOf(e.getMessage())));
    }
    if (decided == null) {
      throw new RefusedException(new Refusal.TransactionUnknown(what));
    }
    return views.decided(decided);
  }

  private void offer(Proposal look, TransactionQuery.Asker<?> asker) {
    if (!loop.offer(look)) {
      asker.refused(Refusals.busy(loop));
    }
  }

  /** Reads what the answer needs, where there is time for it. */
  private record Reading<F, T>(TransactionQuery.Asker<T> asker, Function<F, T> reading)
      implements TransactionQuery.Asker<F> {

    @Override
    public boolean isHeard() {
      return asker.isHeard();
    }

    @Override
    public Runnable prepare(F found) {
      T read;
      try {
        read = reading.apply(found);
      } catch (RefusedException e) {
        return () -> asker.refused(e.refusal());
      }
      return asker.prepare(read);
    }

    @Override
    public void refused(Refusal why) {
      asker.refused(why);
    }
  }
}
