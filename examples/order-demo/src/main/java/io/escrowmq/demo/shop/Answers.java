package io.escrowmq.demo.shop;

import io.escrowmq.client.Delivery;
import io.escrowmq.client.Message;

/** Messages that follow from another one: about the same order, for the same customer. */
final class Answers {

  private Answers() {}

  static Message to(String topic, Delivery cause, String state, String attempt, long begun) {
    String order = RequiredProperties.text(cause, Shop.ORDER);
    String customer = RequiredProperties.text(cause, Shop.CUSTOMER);
    return Message.to(topic)
        .tag(state)
        .key("order-" + order)
        .orderingKey("customer-" + customer)
        .property(Shop.ORDER, order)
        .property(Shop.CUSTOMER, customer)
        .property(Shop.STATE, state)
        .property(Shop.ATTEMPT, attempt)
        .property(Shop.BEGUN, Long.toString(begun))
        .body("order " + order + ": " + state);
  }
}
