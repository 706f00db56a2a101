package io.escrowmq.broker.tx;

import io.escrowmq.broker.core.LogLoop;
import io.escrowmq.broker.core.Proposal;
import io.escrowmq.broker.core.Refusals;
import io.escrowmq.broker.edge.RefusalPage;
import io.escrowmq.broker.metrics.MetricRegistry;
import io.escrowmq.broker.refusal.Refusal;
import io.escrowmq.remoting.Call;
import io.escrowmq.remoting.Fields;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.body.TransactionList;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.header.ListTransactionsHeader;
import io.escrowmq.remoting.header.TransactionIdHeader;
import io.escrowmq.store.StorageException;
import io.escrowmq.tx.EscrowFigures;
import io.escrowmq.tx.OpenTransaction;
import io.escrowmq.tx.TransactionFilter;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** What operators may look at. Any event loop. */
final class TransactionQueries {

  private record Page(EscrowFigures figures, List<OpenTransaction> list) {}

  private final LogLoop loop;
  private final EscrowParts escrow;
  private final TransactionViews views;
  private final MetricRegistry metrics;
  private final InstantSource clock;

  TransactionQueries(
      LogLoop loop,
      EscrowParts escrow,
      TransactionViews views,
      MetricRegistry metrics,
      InstantSource clock) {
    this.loop = loop;
    this.escrow = escrow;
    this.views = views;
    this.metrics = metrics;
    this.clock = clock;
  }

  /** LIST_TRANSACTIONS. */
  void list(Call call, ListTransactionsHeader header) {
    if (header.most() < 1 || header.most() > ListTransactionsHeader.MOST) {
      call.reply(Reply.refused(
          ResponseCode.INVALID_PARAMETER,
          "most is " + header.most() + ", 1 to " + ListTransactionsHeader.MOST + " are allowed"));
      return;
    }
    long nowMillis = clock.millis();
    TransactionFilter wanted = new TransactionFilter(
        header.group(),
        header.olderThanMillis() <= 0 ? Long.MAX_VALUE : nowMillis - header.olderThanMillis(),
        header.suspended(),
        header.after(),
        header.most());
    offer(
        call,
        new TransactionQuery<>(
            escrow.coordinator(),
            coordinator -> new Page(coordinator.count(), coordinator.list(wanted)),
            new Answer<>(call, page -> Reply.ok(body(page, nowMillis).toBytes())),
            escrow.answers()));
  }

  private TransactionList body(Page page, long nowMillis) {
    EscrowFigures figures = page.figures();
    return new TransactionList(
        figures.halves(),
        figures.bytes(),
        figures.transactions(),
        figures.suspended(),
        TransactionMetrics.ageMillis(figures, nowMillis),
        page.list().stream().map(views::open).toList());
  }

  /** SHOW_TRANSACTION. */
  void show(Call call, TransactionIdHeader header) {
    offer(
        call,
        new TransactionQuery<>(
            escrow.coordinator(),
            coordinator -> Optional.ofNullable(coordinator.find(header.id())),
            new Answer<>(
                call,
                open -> open.map(found -> Reply.ok(views.open(found).toBytes()))
                    .orElseGet(() -> decided(header.id()))),
            escrow.answers()));
  }

  private Reply decided(long id) {
    DecisionRecord decided;
    try {
      decided = escrow.archive().find(id);
    } catch (StorageException e) {
      return Reply.refused(
          ResponseCode.SERVICE_NOT_AVAILABLE,
          "the decision about " + id + " cannot be read now; try again: " + e.getMessage());
    }
    return decided == null
        ? Reply.refused(
            ResponseCode.TRANSACTION_NOT_OPEN,
            "no half-message " + id + " is in escrow, and no decision about it is known any more")
        : Reply.ok(views.decided(decided).toBytes());
  }

  /** GET_METRICS. */
  void metrics(Call call, Fields none) {
    call.reply(Reply.ok(metrics.read().toBytes()));
  }

  private void offer(Call call, Proposal look) {
    if (!loop.offer(look)) {
      call.reply(RefusalPage.reply(Refusals.busy(loop)));
    }
  }

  private record Answer<T>(Call call, Function<T, Reply> words)
      implements TransactionQuery.Asker<T> {

    @Override
    public boolean isHeard() {
      return call.connection().isOpen();
    }

    @Override
    public Runnable prepare(T found) {
      Reply reply = words.apply(found);
      return () -> call.reply(reply);
    }

    @Override
    public void refused(Refusal why) {
      call.reply(RefusalPage.reply(why));
    }
  }
}
