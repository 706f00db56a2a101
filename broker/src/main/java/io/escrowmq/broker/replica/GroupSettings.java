package io.escrowmq.broker.replica;

import io.escrowmq.remoting.secret.ReplicaSecret;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a broker takes part in a group of replicas, of which a controller says who leads.
 *
 * @param controllers "host:port" of the name servers that have one; 1 or more
 * @param listen where its log is served to other replicas while it leads
 * @param advertised "host:port" that others are told of it; null: the one that is listened at
 * @param secret what replicas and controllers have to know
 * @param leastInSync of a group that begins with this replica: how many must have something before it is acknowledged
 * @param rack what fails together has the same one; may be empty
 * @param priority of two that are equally good the one with more is elected
 */
public record GroupSettings(
    List<String> controllers,
    InetSocketAddress listen,
    @Nullable String advertised,
    ReplicaSecret secret,
    int leastInSync,
    String rack,
    int priority) {

  public GroupSettings {
    controllers = List.copyOf(controllers);
    if (controllers.isEmpty()) {
      throw new IllegalArgumentException("a group of replicas has one controller at least");
    }
  }
}
