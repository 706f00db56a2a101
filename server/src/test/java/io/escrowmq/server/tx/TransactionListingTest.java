package io.escrowmq.server.tx;

import static io.escrowmq.server.tx.Samples.NOW_MILLIS;
import static io.escrowmq.server.tx.Samples.half;
import static io.escrowmq.server.tx.Samples.open;
import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.remoting.body.TransactionEntry.State;
import io.escrowmq.remoting.body.TransactionList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TransactionListingTest {

  private final TransactionListing listing = new TransactionListing(NOW_MILLIS);

  @Test
  void shouldPrintOneRowForEachTransaction() {
    // when
    String rows = listing.rows(List.of(
        open(1024, State.IN_DOUBT, half(1024, "Orders"), half(2048, "Stock"), half(3072, "Orders")),
        open(4096, State.SUSPENDED, half(4096, "Mail"))));

    // then
    assertThat(rows).isEqualTo("""
        ID                                GROUP   TOPIC      AGE    STATE      CHECKS  NEXT CHECK  SIZE
        7F00000100002A9F0000000000000400  orders  Orders +2  1m 1s  in doubt   2       in 24s      1.2 KiB
        7F00000100002A9F0000000000001000  orders  Mail       1m 1s  suspended  2       -           412 B
        """);
  }

  @Test
  void shouldNameTheColumnsOnceForAllPages() {
    // given
    listing.rows(List.of(open(1024, State.IN_DOUBT, half(1024, "Orders"))));

    // when
    String more = listing.rows(List.of(open(2048, State.IN_DOUBT, half(2048, "Orders"))));

    // then
    assertThat(more.lines()).singleElement().asString().startsWith("7F00");
  }

  @Test
  void shouldSayThatACheckIsDue() {
    // given
    TransactionListing later = new TransactionListing(NOW_MILLIS + 24_000);

    // then
    assertThat(later.rows(List.of(open(1024, State.IN_DOUBT, half(1024, "Orders")))))
        .contains("  due  ");
  }

  @Test
  void shouldAddUpTheFiguresOfAllBrokers() {
    // given
    listing.count(new TransactionList(3, 1300, 2, 1, 61_000, List.of()));
    listing.count(new TransactionList(1, 700, 1, 0, 3_600_000, List.of()));
    listing.rows(List.of(open(1024, State.IN_DOUBT, half(1024, "Orders"))));

    // then
    assertThat(listing.totals())
        .isEqualTo("Listed: 1 of 3 open transactions. Suspended: 1. Half-messages: 4, 2.0 KiB."
            + " Oldest: 1h.\n");
  }

  @Test
  void shouldSayThatNothingIsOpen() {
    // given
    listing.count(new TransactionList(0, 0, 0, 0, 0, List.of()));

    // then
    assertThat(listing.rows(List.of())).isEmpty();
    assertThat(listing.totals()).isEqualTo("No transaction is open.\n");
  }
}
