package io.escrowmq.server;

import io.escrowmq.server.settings.Endpoint;
import io.escrowmq.server.settings.Keys;
import io.escrowmq.server.settings.Role;
import io.escrowmq.server.settings.Setting;
import io.escrowmq.server.settings.Settings;
import io.escrowmq.server.settings.SettingsException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Optional;

/** Where a process may listen, and how others are told to reach it. */
final class ListenAddress {

  private ListenAddress() {}

  /**
   * Nobody has to log in yet, so nobody beyond this machine may connect unless that is meant. Judged
   * for every address before any of them is opened.
   *
   * @throws SettingsException that says what to set
   */
  static void check(Settings settings) {
    if (settings.role().includes(Role.NAMESRV)) {
      check(settings, Keys.NAMESRV_LISTEN);
    }
    if (settings.role().includes(Role.BROKER)) {
      check(settings, Keys.BROKER_LISTEN);
    }
  }

  private static void check(Settings settings, Setting<Endpoint> listen) {
    if (!address(settings, listen).getAddress().isLoopbackAddress()
        && !settings.value(Keys.SECURITY_ALLOW_ANONYMOUS)) {
      throw new SettingsException(settings.said(listen)
          + " listens beyond this machine, and nobody has to log in. Set "
          + Keys.SECURITY_ALLOW_ANONYMOUS
          + "=true if that is meant, or listen on 127.0.0.1.");
    }
  }

  /**
   * The address to bind.
   *
   * @throws SettingsException when the host is not known
   */
  static InetSocketAddress address(Settings settings, Setting<Endpoint> listen) {
    try {
      return settings.value(listen).resolve();
    } catch (UnknownHostException e) {
      throw new SettingsException(settings.said(listen) + ": no host of this name is known here.");
    }
  }

  /** How a server in this process is reached from this process. */
  static Endpoint fromHere(InetSocketAddress bound) {
    return bound.getAddress().isAnyLocalAddress()
        ? new Endpoint("127.0.0.1", bound.getPort())
        : Endpoint.of(bound);
  }

  /**
   * What clients are told; empty where the bound address will do. One that listens everywhere has no
   * address that would do: the first one by which other machines may reach this one is taken.
   */
  static Optional<String> advertised(Settings settings) {
    Optional<Endpoint> said = settings.value(Keys.BROKER_ADVERTISE);
    if (said.isPresent()) {
      Endpoint endpoint = said.get();
      return Optional.of(endpoint.port() == 0 ? endpoint.host() : endpoint.toString());
    }
    if (!address(settings, Keys.BROKER_LISTEN).getAddress().isAnyLocalAddress()) {
      return Optional.empty();
    }
    try {
      return NetworkInterface.networkInterfaces()
          .flatMap(NetworkInterface::inetAddresses)
          .filter(Inet4Address.class::isInstance)
          .filter(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress())
          .map(InetAddress::getHostAddress)
          .findFirst();
    } catch (SocketException e) {
      throw new SettingsException("The addresses of this machine cannot be listed ("
          + e.getMessage()
          + "): set "
          + Keys.BROKER_ADVERTISE
          + ".");
    }
  }
}
