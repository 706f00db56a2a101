package io.escrowmq.demo.shop;

import io.escrowmq.client.Delivery;

/** Properties that a message must have. */
final class RequiredProperties {

  private RequiredProperties() {}

  /**
   * The value of one that is a whole number.
   *
   * @throws IllegalArgumentException when it is missing
   */
  static int number(Delivery delivery, String property) {
    return Integer.parseInt(text(delivery, property));
  }

  /** As {@link #number}, any text. */
  static String text(Delivery delivery, String property) {
    String value = delivery.property(property);
    if (value == null) {
      throw new IllegalArgumentException(
          "the message " + delivery.messageId() + " has no property " + property);
    }
    return value;
  }
}
