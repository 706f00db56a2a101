package io.escrowmq.namesrv;

import io.escrowmq.namesrv.kv.KvLimits;
import io.escrowmq.namesrv.route.RouteLimits;
import io.escrowmq.remoting.Permission;
import io.escrowmq.remoting.secret.ReplicaSecret;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a name server is told once, when it starts. Immutable.
 *
 * @param listen where it listens; port 0 picks a free one
 * @param stateDirectory where the KV configuration survives; null keeps it in memory only
 * @param longestLease how long a broker may count as alive without another word; brokers that ask
 *     for more (they ask for 120 s by default) get this. Too low: routes vanish during a pause of a
 *     broker. Too high: clients go on trying brokers that are gone
 * @param orderTopics whether clients are told the queues of ordered topics that an administrator
 *     configured; may be changed while running
 * @param anonymous what whoever has not logged in may do; brokers need to serve
 * @param controllerSecret what replicas have to know whom this name server's controller leads; null: it has none
 */
public record NamesrvSettings(
    InetSocketAddress listen,
    @Nullable Path stateDirectory,
    Duration longestLease,
    RouteLimits routeLimits,
    KvLimits kvLimits,
    boolean orderTopics,
    Set<Permission> anonymous,
    @Nullable ReplicaSecret controllerSecret) {

  private static final Duration SHORTEST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofHours(24);

  public NamesrvSettings {
    anonymous = Set.copyOf(anonymous);
    if (longestLease.compareTo(SHORTEST) < 0 || longestLease.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException("the longest lease is " + longestLease + ", between "
          + SHORTEST + " and " + LONGEST + " are allowed");
    }
    if (controllerSecret != null && stateDirectory == null) {
      throw new IllegalArgumentException(
          "a controller that forgets who leads loses messages: it needs a state directory");
    }
  }

  /** Everything else as most people need it. */
  public static NamesrvSettings of(InetSocketAddress listen, @Nullable Path stateDirectory) {
    return new NamesrvSettings(
        listen,
        stateDirectory,
        Duration.ofMinutes(10),
        RouteLimits.DEFAULT,
        KvLimits.DEFAULT,
        // RocketMQ has this off, so that what updateOrderConf wrote has no effect until somebody
        // changes the name server. Whoever writes such an entry wants it to be followed.
        true,
        Permission.ALL,
        null);
  }

  /** The same for callers with these permissions only. */
  public NamesrvSettings allowing(Set<Permission> permissions) {
    return with(permissions, controllerSecret);
  }

  /** The same with a controller for replicas that know this secret. */
  public NamesrvSettings controlling(ReplicaSecret secret) {
    return with(anonymous, secret);
  }

  private NamesrvSettings with(Set<Permission> permissions, @Nullable ReplicaSecret secret) {
    return new NamesrvSettings(
        listen,
        stateDirectory,
        longestLease,
        routeLimits,
        kvLimits,
        orderTopics,
        permissions,
        secret);
  }
}
