package io.escrowmq.broker.send;

import io.escrowmq.broker.recent.Deduplication;
import java.net.InetSocketAddress;

/**
 * How this broker takes messages.
 *
 * @param storeHost the address that clients reach this broker by; part of every message id
 * @param maxMessageBytes bodies above it are refused. Too low: clients must split; too high: one
 *     message may delay all others for the time it takes to write it
 * @param deduplication how sends are known that are tried again
 */
public record SendSettings(
    InetSocketAddress storeHost, int maxMessageBytes, Deduplication deduplication) {

  public SendSettings {
    if (storeHost.isUnresolved()) {
      throw new IllegalArgumentException("the advertised address " + storeHost + " is not known");
    }
    if (maxMessageBytes < 1) {
      throw new IllegalArgumentException("message.max-bytes " + maxMessageBytes + " is below 1");
    }
  }
}
