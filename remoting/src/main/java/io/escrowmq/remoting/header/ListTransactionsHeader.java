package io.escrowmq.remoting.header;

import io.escrowmq.remoting.FieldWriter;
import io.escrowmq.remoting.HeaderReader;
import io.escrowmq.remoting.OfGroup;
import io.escrowmq.remoting.WireHeader;
import org.jspecify.annotations.Nullable;

/**
 * LIST_TRANSACTIONS: which transactions are not decided? In order of their ids, a page at a time.
 *
 * @param group of their producers; absent for all
 * @param olderThanMillis only those that have been open for longer
 * @param suspended only those that nobody is asked about any more
 * @param after only those with a greater id; the last one of the page before
 * @param most how many, 1 to {@link #MOST}
 */
public record ListTransactionsHeader(
    @Nullable String group, long olderThanMillis, boolean suspended, long after, int most)
    implements WireHeader, OfGroup {

  /** {@code after} for the first page. */
  public static final long FROM_THE_START = -1;

  /** Transactions in one answer. */
  public static final int MOST = 1000;

  private static final int USUAL = 100;

  public static final HeaderReader<ListTransactionsHeader> FIELDS =
      fields -> new ListTransactionsHeader(
          fields.text("group"),
          fields.longOr("olderThanMillis", 0),
          fields.booleanOr("suspended", false),
          fields.longOr("after", FROM_THE_START),
          fields.intOr("most", USUAL));

  @Override
  public void writeTo(FieldWriter fields) {
    fields
        .put("group", group)
        .put("olderThanMillis", olderThanMillis)
        .put("suspended", suspended)
        .put("after", after)
        .put("most", most);
  }

  @Override
  public @Nullable String groupName() {
    return group;
  }
}
