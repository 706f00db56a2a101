package io.escrowmq.demo.shop;

/** The names that the services, and whoever watches them, share. */
public final class Shop {

  /** Orders that were placed; from the order service. */
  public static final String ORDERS = "demo-orders";

  /** The same orders for the books; in one transaction with the former. */
  public static final String JOURNAL = "demo-journal";

  /** Whether stock was reserved; from the inventory service. */
  public static final String STOCK = "demo-stock";

  /** Payment notices; from the payment notifier. */
  public static final String PAYMENTS = "demo-payments";

  /** Property: the number of the order. */
  public static final String ORDER = "order";

  /** Property: whose order it is. */
  public static final String CUSTOMER = "customer";

  /** Property: the how manieth order of that customer, from 0. */
  public static final String NUMBER = "number";

  /** Property: what is ordered. */
  public static final String ITEM = "item";

  /** Property: how many of it. */
  public static final String QUANTITY = "quantity";

  /** Property: the try to make the transaction that the message is of. */
  public static final String ATTEMPT = "attempt";

  /** Property: when the transaction was begun, ms since 1970. */
  public static final String BEGUN = "begun";

  /** Property: what became of it, RESERVED or REFUSED, DUE or VOID. */
  public static final String STATE = "state";

  private Shop() {}
}
