package io.escrowmq.broker;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** The address that clients are told. Pure, but for the look-up of a host name. */
final class AdvertisedAddress {

  private AdvertisedAddress() {}

  /**
   * The address to tell.
   *
   * @param advertise "host" or "host:port"; null: the bound address
   * @throws IllegalArgumentException when nobody could reach it, naming the setting that helps
   */
  static InetSocketAddress of(@Nullable String advertise, InetSocketAddress bound) {
    if (advertise == null) {
      if (bound.getAddress().isAnyLocalAddress()) {
        throw new IllegalArgumentException(
            "broker.listen is " + text(bound) + ", which clients cannot dial; set broker.advertise"
                + " to the host or address that they reach this broker by");
      }
      return bound;
    }
    int colon = advertise.lastIndexOf(':');
    boolean hasPort = colon > 0 && advertise.indexOf(']') < colon && !isBareV6(advertise);
    String host = hasPort ? advertise.substring(0, colon) : advertise;
    int port = hasPort ? port(advertise.substring(colon + 1)) : bound.getPort();
    InetSocketAddress address = new InetSocketAddress(host, port);
    if (address.isUnresolved()) {
      throw new IllegalArgumentException(
          "broker.advertise names the host '" + host + "', which cannot be resolved");
    }
    return address;
  }

  /** "host:port", as it is registered. */
  static String text(InetSocketAddress address) {
    String host = address.getAddress().getHostAddress();
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + address.getPort();
  }

  private static boolean isBareV6(String text) {
    return !text.startsWith("[") && text.indexOf(':') != text.lastIndexOf(':');
  }

  private static int port(String text) {
    try {
      int port = Integer.parseInt(text);
      if (port >= 1 && port <= 65_535) {
        return port;
      }
    } catch (NumberFormatException e) {
      // told below, with the same words
    }
    throw new IllegalArgumentException(
        "broker.advertise has the port '" + text + "'; it must be 1 to 65535");
  }
}
