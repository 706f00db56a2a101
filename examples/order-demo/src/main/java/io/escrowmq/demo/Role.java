package io.escrowmq.demo;

/** One of the three services; each has a process and a database of its own. */
public enum Role {
  ORDERS("order service"),
  INVENTORY("inventory service"),
  PAYMENTS("payment notifier");

  private final String title;

  Role(String title) {
    this.title = title;
  }

  /** As people say it. */
  public String title() {
    return title;
  }

  /** The name of its database, its producer group and its consumer group. */
  public String word() {
    return switch (this) {
      case ORDERS -> "orders";
      case INVENTORY -> "inventory";
      case PAYMENTS -> "payments";
    };
  }
}
