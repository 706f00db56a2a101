package io.escrowmq.broker.send;

import java.net.InetSocketAddress;

/**
 * How this broker takes messages.
 *
 * @param storeHost the address that clients reach this broker by; part of every message id
 * @param cluster the cluster's name, told in every message
 * @param maxMessageBytes bodies above it are refused. Too low: clients must split; too high: one
 *     message may delay all others for the time it takes to write it
 * @param autoCreateTopics whether a first send creates its topic
 */
public record SendSettings(
    InetSocketAddress storeHost, String cluster, int maxMessageBytes, boolean autoCreateTopics) {

  public SendSettings {
    if (storeHost.isUnresolved()) {
      throw new IllegalArgumentException("the advertised address " + storeHost + " is not known");
    }
    if (maxMessageBytes < 1) {
      throw new IllegalArgumentException("message.max-bytes " + maxMessageBytes + " is below 1");
    }
  }
}
