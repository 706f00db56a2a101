package io.escrowmq.namesrv.route;

/** What becomes of a registration. */
public enum RegistrationRuling {
  ACCEPTED,
  /** Another address holds this name and id, and its state is newer. */
  SEAT_TAKEN,
  /** As many brokers as the limit allows are registered. */
  TOO_MANY_BROKERS,
  /** As a single topic's: the broker would have more topics than the limit allows. */
  TOO_MANY_TOPICS_OF_BROKER,
  /** As a single topic's: all brokers together would have more topics than the limit allows. */
  TOO_MANY_TOPICS
}
