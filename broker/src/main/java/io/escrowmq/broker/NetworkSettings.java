package io.escrowmq.broker;

import io.escrowmq.remoting.Permission;
import java.util.Set;

/**
 * Whom a broker serves, and where besides its address.
 *
 * @param anonymous what whoever has not logged in may do
 * @param vipChannel whether it listens on the port two below its own as well, to which clients send
 *     that have the "VIP channel" switched on
 */
public record NetworkSettings(Set<Permission> anonymous, boolean vipChannel) {

  public static final NetworkSettings DEFAULT = new NetworkSettings(Permission.ALL, false);

  public NetworkSettings {
    anonymous = Set.copyOf(anonymous);
  }
}
