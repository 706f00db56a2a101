package io.escrowmq.server.settings;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/**
 * A host and a port, as an operator writes them. Immutable; names are looked up only when asked.
 *
 * @param host a name or an address; IPv6 without brackets
 * @param port 0 to 65535; 0 picks a free one
 */
public record Endpoint(String host, int port) {

  /** The bound address of a server, as others would write it. */
  public static Endpoint of(InetSocketAddress bound) {
    InetAddress address = bound.getAddress();
    return new Endpoint(
        address == null ? bound.getHostString() : address.getHostAddress(), bound.getPort());
  }

  /**
   * Looks the host up.
   *
   * @throws UnknownHostException when no such host is known
   */
  public InetSocketAddress resolve() throws UnknownHostException {
    return new InetSocketAddress(InetAddress.getByName(host), port);
  }

  @Override
  public String toString() {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }
}
