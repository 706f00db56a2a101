package io.escrowmq.server;

import io.escrowmq.broker.replica.FollowerSettings;
import io.escrowmq.broker.replica.GroupSettings;
import io.escrowmq.broker.replica.ReplicationSettings;
import io.escrowmq.remoting.secret.ReplicaSecret;
import io.escrowmq.server.settings.Endpoint;
import io.escrowmq.server.settings.Keys;
import io.escrowmq.server.settings.Setting;
import io.escrowmq.server.settings.Settings;
import io.escrowmq.server.settings.SettingsException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the settings say about copies of the log. */
final class Replication {

  private static final int MOST_SECRET_BYTES = 4096;
  private static final int LEAST_IN_SYNC_OF_SEVERAL = 2;

  private final Settings settings;

  Replication(Settings settings) {
    this.settings = settings;
  }

  /** Whether this process copies another broker's log, and is no broker itself. */
  boolean isFollower() {
    return leader().isPresent();
  }

  /** Whom it follows; empty when it is a broker. */
  Optional<Endpoint> leader() {
    return settings.value(Keys.REPLICATION_FOLLOW);
  }

  /**
   * How a broker serves its log; null when it does not.
   *
   * @throws SettingsException when what is said cannot be used
   */
  @Nullable
  ReplicationSettings served() {
    Optional<Endpoint> listen = settings.value(Keys.REPLICATION_LISTEN);
    if (listen.isEmpty() || isOneOfSeveral()) {
      return null;
    }
    if (isFollower()) {
      throw new SettingsException(settings.said(Keys.REPLICATION_LISTEN) + " and "
          + settings.said(Keys.REPLICATION_FOLLOW)
          + ": a broker either serves its log or copies another one. Leave one of them out.");
    }
    return new ReplicationSettings(
        address(listen.get()), secret(), settings.value(Keys.REPLICATION_MIN_IN_SYNC));
  }

  private boolean isOneOfSeveral() {
    return !settings.value(Keys.REPLICATION_CONTROLLERS).isEmpty();
  }

  /**
   * How it takes part in a group whose controller says who leads; null when it does not.
   *
   * @throws SettingsException when what is said cannot be used
   */
  @Nullable
  GroupSettings group() {
    if (!isOneOfSeveral()) {
      return null;
    }
    if (isFollower()) {
      throw new SettingsException(settings.said(Keys.REPLICATION_CONTROLLERS) + " and "
          + settings.said(Keys.REPLICATION_FOLLOW)
          + ": either a controller says whom a broker follows, or you do. Leave one of them out.");
    }
    Endpoint listen = settings
        .value(Keys.REPLICATION_LISTEN)
        .orElseThrow(() -> new SettingsException(settings.said(Keys.REPLICATION_CONTROLLERS)
            + " makes this broker one of several, which copy its log while it leads: set "
            + Keys.REPLICATION_LISTEN
            + " to an address that they reach, for example 127.0.0.1:10912."));
    boolean isSaid = !settings.origin(Keys.REPLICATION_MIN_IN_SYNC).isDefault();
    return new GroupSettings(
        settings.value(Keys.REPLICATION_CONTROLLERS).stream()
            .map(Endpoint::toString)
            .toList(),
        address(listen),
        settings
            .value(Keys.REPLICATION_ADVERTISE)
            .map(told -> told.port() == 0 ? told.host() : told.toString())
            .orElse(null),
        secret(),
        isSaid ? settings.value(Keys.REPLICATION_MIN_IN_SYNC) : LEAST_IN_SYNC_OF_SEVERAL,
        "",
        settings.value(Keys.REPLICATION_PRIORITY));
  }

  /** How the log of {@link #leader} is copied. */
  FollowerSettings followed(Endpoint leader, String brokerName) {
    return new FollowerSettings(
        leader.toString(), brokerName, settings.value(Keys.REPLICATION_REPLICA), secret());
  }

  private InetSocketAddress address(Endpoint listen) {
    try {
      return listen.resolve();
    } catch (UnknownHostException e) {
      throw new SettingsException(
          settings.said(Keys.REPLICATION_LISTEN) + ": no host of this name is known here.");
    }
  }

  /** What replicas have to know whom this name server's controller leads; null when it has none. */
  @Nullable
  ReplicaSecret controllerSecret() {
    return settings.value(Keys.CONTROLLER_SECRET_FILE).isEmpty()
        ? null
        : secret(Keys.CONTROLLER_SECRET_FILE);
  }

  private ReplicaSecret secret() {
    return secret(Keys.REPLICATION_SECRET_FILE);
  }

  private ReplicaSecret secret(Setting<Optional<Path>> setting) {
    Path file = settings
        .value(setting)
        .orElseThrow(() -> new SettingsException("Replicas prove to each other who they are: set "
            + setting + " to a file with at least "
            + ReplicaSecret.LEAST_BYTES + " bytes that nobody else can read, the same for all"
            + " replicas of the broker; for example: openssl rand -hex 32 > replica.secret"));
    try (InputStream in = Files.newInputStream(file)) {
      return new ReplicaSecret(in.readNBytes(MOST_SECRET_BYTES));
    } catch (IOException e) {
      throw new SettingsException(settings.said(setting) + " cannot be read: " + e + ".");
    } catch (IllegalArgumentException e) {
      throw new SettingsException(settings.said(setting) + ": " + e.getMessage() + ".");
    }
  }
}
