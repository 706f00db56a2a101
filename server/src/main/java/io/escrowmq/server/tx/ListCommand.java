package io.escrowmq.server.tx;

import io.escrowmq.remoting.Request;
import io.escrowmq.remoting.body.TransactionList;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.header.ListTransactionsHeader;
import io.escrowmq.server.tx.Brokers.Master;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
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
    OptionalLong after = OptionalLong.of(ListTransactionsHeader.FROM_THE_START);
    while (after.isPresent()) {
      long begin = after.getAsLong();
      ListTransactionsHeader header = new ListTransactionsHeader(
          group, olderThan.toMillis(), suspended, begin, ListTransactionsHeader.MOST);
      after = brokers.ask(
          master.address(),
          Request.of(RequestCode.LIST_TRANSACTIONS, header),
          answer -> print(master, answer.body(), listing, begin));
    }
  }

  /** What the next page begins after, if there may be one. */
  private OptionalLong print(Master master, byte[] body, TransactionListing listing, long after) {
    TransactionList page = TransactionList.read(body);
    OptionalLong next = page.next(after);
    boolean isFirst = after == ListTransactionsHeader.FROM_THE_START;
    if (isFirst) {
      listing.count(page);
    }
    if (!options.isJson()) {
      doors.out().print(listing.rows(page.list()));
    } else if (isFirst || next.isPresent()) { // the empty page behind the others says nothing new
      doors.out().println(JsonLine.of(master.name(), body));
    }
    return next;
  }
}
