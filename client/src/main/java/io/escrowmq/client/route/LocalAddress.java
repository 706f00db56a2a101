package io.escrowmq.client.route;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Comparator;

/** What this machine calls itself, so that its clients can be told from those of others. */
public final class LocalAddress {

  private LocalAddress() {}

  /** An address of this machine that others might reach; the loopback address if there is none. */
  public static InetAddress find() {
    try {
      return NetworkInterface.networkInterfaces()
          .flatMap(NetworkInterface::inetAddresses)
          .filter(address -> !address.isLoopbackAddress()
              && !address.isLinkLocalAddress()
              && address.getAddress().length == 4)
          .min(Comparator.comparing(InetAddress::getHostAddress))
          .orElseGet(InetAddress::getLoopbackAddress);
    } catch (SocketException e) {
      return InetAddress.getLoopbackAddress();
    }
  }
}
