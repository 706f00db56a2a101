package io.escrowmq.broker.tx;

import io.escrowmq.broker.edge.RefusalPage;
import io.escrowmq.broker.metrics.MetricRegistry;
import io.escrowmq.broker.refusal.Refusal;
import io.escrowmq.remoting.Call;
import io.escrowmq.remoting.Fields;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.Rights;
import io.escrowmq.remoting.body.TransactionEntry;
import io.escrowmq.remoting.body.TransactionList;
import io.escrowmq.remoting.header.ListTransactionsHeader;
import io.escrowmq.remoting.header.TransactionIdHeader;
import io.escrowmq.tx.EscrowFigures;
import java.util.Iterator;
import java.util.function.Function;

/** What operators may look at, as the protocol has it. Any event loop. */
final class TransactionQueryHandler {

  private final TransactionQueries queries;
  private final MetricRegistry metrics;

  TransactionQueryHandler(TransactionQueries queries, MetricRegistry metrics) {
    this.queries = queries;
    this.metrics = metrics;
  }

  /** LIST_TRANSACTIONS. */
  void list(Call call, ListTransactionsHeader header) {
    queries.list(
        new TransactionQueries.Query(
            header.group(),
            header.olderThanMillis(),
            header.suspended(),
            header.after(),
            header.most()),
        new Answer<>(call, TransactionQueryHandler::told));
  }

  private static Reply told(TransactionQueries.Listing listing) {
    EscrowFigures figures = listing.figures();
    TransactionList body = new TransactionList(
        figures.halves(),
        figures.bytes(),
        figures.transactions(),
        figures.suspended(),
        listing.ageMillis(),
        listing.open());
    return Reply.ok(body.toBytes());
  }

  /** SHOW_TRANSACTION. */
  void show(Call call, TransactionIdHeader header, Rights rights) {
    queries.show(header.id(), new Answer<>(call, found -> shown(found, rights)));
  }

  private static Reply shown(TransactionEntry found, Rights rights) {
    String group = found.group();
    String forbidden = rights.refusalOfGroup(group.isEmpty() ? null : group); // it is not known
    Iterator<TransactionEntry.Half> halves = found.halves().iterator();
    while (forbidden == null && halves.hasNext()) {
      forbidden = rights.refusalOfTopic(halves.next().topic());
    }
    return forbidden == null
        ? Reply.ok(found.toBytes())
        : RefusalPage.reply(new Refusal.NotPermitted(forbidden));
  }

  /** GET_METRICS. */
  void metrics(Call call, Fields none) {
    call.reply(Reply.ok(metrics.read().toBytes()));
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
