package io.escrowmq.simulation;

/** A transaction of the shop's database and its messages: it is committed when its row is there. */
final class Order extends Deal {

  private final ShopDatabase database;

  Order(int number, boolean commits, ShopDatabase database) {
    super(Till.GROUP + "-" + number, Till.GROUP, Entry.ANY, commits, true, ReportTime.SOON);
    this.database = database;
  }

  @Override
  boolean mayBeCommitted() {
    return super.mayBeCommitted() && isThere();
  }

  /** Whether the database has committed it. */
  boolean isThere() {
    return database.has(name);
  }
}
