package io.escrowmq.server.tx;

import io.escrowmq.remoting.Request;
import io.escrowmq.remoting.body.TransactionEntry;
import io.escrowmq.remoting.body.TransactionList;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.header.ListTransactionsHeader;
import io.escrowmq.server.tx.Brokers.Master;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Prints what is in escrow, page by page: however much it is, little of it is in memory. */
@Command(
    name = "list",
    description = "Prints transactions that are not decided, the oldest of each broker first.",
    mixinStandardHelpOptions = true)
final class ListCommand implements Callable<Integer> {

  @Option(names = "--group", paramLabel = "GROUP", description = "Only of this producer group.")
  private @Nullable String group;

  @Option(
      names = "--older-than",
      paramLabel = "TIME",
      converter = Converters.OfTime.class,
      defaultValue = "0s",
      description = "Only those that have been open for longer: 30s, 10m, 2h.")
  private Duration olderThan = Duration.ZERO;

  @Option(
      names = "--suspended",
      description = "Only those that producers are not asked about any more.")
  private boolean suspended;

  @Mixin
  private final OutputOptions options = new OutputOptions();

  private final Doors doors;

  ListCommand(Doors doors) {
    this.doors = doors;
  }

  @Override
  public Integer call() {
    TransactionListing listing = new TransactionListing(doors.clock().millis());
    try (Brokers brokers = options.brokers(doors)) {
      Optional<TxException> failure = brokers.eachMaster(master -> list(brokers, master, listing));
      if (!options.isJson()) {
        doors.out().print(listing.totals());
      }
      doors.out().flush();
      failure.ifPresent(e -> {
        throw e;
      });
    }
    return 0;
  }

  private void list(Brokers brokers, Master master, TransactionListing listing) {
    long after = ListTransactionsHeader.FROM_THE_START;
    List<TransactionEntry> page;
    do {
      ListTransactionsHeader header = new ListTransactionsHeader(
          group, olderThan.toMillis(), suspended, after, ListTransactionsHeader.MOST);
      boolean isFirst = after == ListTransactionsHeader.FROM_THE_START;
      page = brokers.ask(
          master.address(),
          Request.of(RequestCode.LIST_TRANSACTIONS, header),
          answer -> print(master, answer.body(), listing, isFirst));
      after = page.isEmpty() ? after : page.get(page.size() - 1).id();
    } while (isFull(page));
  }

  // The broker leaves out half-messages that it cannot read, so half of the most it may put into a
  // page counts as full.
  private static boolean isFull(List<TransactionEntry> page) {
    int halves = page.stream().mapToInt(entry -> entry.halves().size()).sum();
    return page.size() >= ListTransactionsHeader.MOST
        || halves >= ListTransactionsHeader.MOST_HALVES / 2;
  }

  private List<TransactionEntry> print(
      Master master, byte[] body, TransactionListing listing, boolean isFirst) {
    TransactionList page = TransactionList.read(body);
    if (isFirst) {
      listing.count(page);
    }
    if (options.isJson()) {
      doors.out().println(JsonLine.of(master.name(), body));
    } else {
      doors.out().print(listing.rows(page.list()));
    }
    return page.list();
  }
}
