package io.escrowmq.client.tx;

import java.util.OptionalLong;

/**
 * What one broker has of a transaction. Immutable.
 *
 * @param brokerName survives a change of masters
 * @param address where the half-messages went, "host:port"
 * @param halfMessages how many it has confirmed
 * @param id of one of them, by which an old decision is found; empty when none was confirmed
 */
public record Part(String brokerName, String address, int halfMessages, OptionalLong id) {

  /** The same with one more. */
  Part plus(Part other) {
    return new Part(
        brokerName,
        other.address,
        halfMessages + other.halfMessages,
        id.isPresent() ? id : other.id);
  }
}
