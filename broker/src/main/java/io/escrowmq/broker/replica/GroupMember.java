package io.escrowmq.broker.replica;

import io.escrowmq.remoting.Network;
import io.escrowmq.remoting.RemotingClient;
import io.escrowmq.remoting.RemotingSettings;
import io.escrowmq.remoting.RequestTable;
import io.escrowmq.remoting.secret.Introduction;
import io.escrowmq.remoting.secret.ReplicaSecret;
import io.escrowmq.remoting.secret.ReplicaSecret.Side;
import io.escrowmq.replication.Command.AlterInSync;
import io.escrowmq.replication.Command.Hello;
import io.escrowmq.replication.Command.Opening;
import io.escrowmq.replication.GroupState;
import io.escrowmq.replication.Incarnation;
import io.escrowmq.replication.LogEnd;
import io.escrowmq.replication.Member;
import io.escrowmq.replication.Profile;
import io.escrowmq.runtime.Surroundings;
import io.escrowmq.runtime.Worker;
import io.escrowmq.store.FileSystem;
import io.escrowmq.store.RecordKind;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Which replica of its group a directory is, and its session with the controller. Owner: who owns the replica's role;
 * the session has a loop of its own.
 */
public final class GroupMember implements AutoCloseable {

  /** What the replica does with what it hears; all of it is quick, on the session's thread. */
  public interface Role {

    /** Where its log ends. */
    LogEnd logEnd();

    void heard(GroupState state);

    /** What it wants the in-sync set to be; null when it is so, or when another replica leads. */
    @Nullable
    AlterInSync proposal();

    /** It does not belong to the group, and trying again will not mend that. */
    void isRefused(String why);
  }

  private static final int ANY_NUMBER = 1; // a controller learns it from what is told

  private final String group;
  private final GroupSettings settings;
  private final Profile profile;
  private final ReplicaFile file;
  private final RemotingClient client;
  private final Worker worker;
  private final ControllerSession session;

  /**
   * @param group the broker's name
   * @param profile what is told of it
   * @param directory its own
   * @throws io.escrowmq.store.StorageException when the directory does not say clearly which replica it is
   */
  public GroupMember(
      String group,
      GroupSettings settings,
      Profile profile,
      FileSystem files,
      Path directory,
      Network network,
      Surroundings surroundings,
      Role role) {
    this.group = group;
    this.settings = settings;
    this.profile = profile;
    this.file = ReplicaFile.read(files, directory, surroundings.chance());
    this.client = network.client(RequestTable.of(), RemotingSettings.forClient());
    this.worker = surroundings.worker("controller-session");
    this.session = new ControllerSession(
        settings.controllers(),
        new Introduction(
            settings.secret(),
            surroundings.chance(),
            Side.MEMBER,
            Side.CONTROLLER,
            group,
            ANY_NUMBER),
        client,
        role,
        surroundings.ticker(),
        worker);
  }

  public ReplicaSecret secret() {
    return settings.secret();
  }

  /** Says nothing before {@link #tellOpened}. */
  public void start() {
    worker.start(session);
  }

  /**
   * The directory is about to be opened: that is counted, durably.
   *
   * @param syncs whether what is acknowledged from now on is synced before
   * @return how often it was opened, this time included
   */
  public long open(boolean syncs) {
    file.open(syncs);
    return file.openings();
  }

  /**
   * It is open.
   *
   * @param end where its log ends
   * @param witnessed before which it surely lacks nothing
   */
  public void tellOpened(LogEnd end, long witnessed) {
    session.opened(new Hello(
        group,
        file.cluster(),
        file.replica(),
        file.name(),
        file.openings(),
        profile,
        new Opening(
            end,
            file.mayHaveLost() ? OptionalLong.of(witnessed) : OptionalLong.empty(),
            RecordKind.values().length),
        settings.leastInSync()));
  }

  /** It is about to be closed. */
  public void tellClosed() {
    session.closed();
  }

  /** Asks for another leader. */
  public void resign() {
    session.resign();
  }

  /**
   * Learns from the group's state which replica this is, durably.
   *
   * @return this opening of it; null when the state does not know of it
   */
  public @Nullable Incarnation learn(GroupState state) {
    Member self = state.memberIn(file.name());
    if (self == null || self.incarnation() != file.openings()) {
      return null;
    }
    file.become(state.cluster(), self.id());
    return file.current();
  }

  /** The directory was closed in order, and all of it is on the disk. */
  public void closed() {
    file.close();
  }

  /** Tells nothing any more. */
  @Override
  public void close() {
    try (client) {
      worker.close();
    }
  }
}
