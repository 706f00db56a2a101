package io.escrowmq.broker;

import io.escrowmq.broker.refusal.Refusal;
import io.escrowmq.broker.replica.FollowerSettings;
import io.escrowmq.broker.replica.GroupMember;
import io.escrowmq.broker.replica.LedEpoch;
import io.escrowmq.broker.replica.LedLog;
import io.escrowmq.broker.replica.LogFollower;
import io.escrowmq.replication.Command.AlterInSync;
import io.escrowmq.replication.GroupState;
import io.escrowmq.replication.Incarnation;
import io.escrowmq.replication.LogEnd;
import io.escrowmq.replication.Member;
import io.escrowmq.runtime.Loop;
import io.escrowmq.runtime.Wakeup;
import io.escrowmq.store.CommitLog;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a replica is: it follows, leads, or waits to be told. It goes by the group's state alone. Who falls as a leader
 * closes its log and opens it again as a copy, by the code that runs after a crash: nothing is undone piece by piece. One
 * turn may take as long as a log is opened; {@link #heard} and what it asks for are quick, on any thread.
 */
final class RoleLoop implements Loop, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(RoleLoop.class);

  /** Whom a replica copies: another leader, or another epoch, is another role. */
  private record Followed(Incarnation leader, int epoch, String address) {}

  private final GroupMember member;
  private final CurrentCore current;
  private final Followers followers;
  private final Wakeup worker;
  private final Consumer<Boolean> serving;
  private final Consumer<String> whenFailed;
  private volatile @Nullable GroupState state; // the last one that was heard
  private volatile @Nullable LedEpoch led; // while it leads
  private volatile @Nullable LedLog ledLog; // likewise
  private volatile @Nullable FollowedCore copy; // while it does not lead, once it is open
  private @Nullable Followed followed;
  private @Nullable LogFollower follower;
  private boolean isOver;

  /** Starts to copy the log of a leader. */
  interface Followers {
    LogFollower follow(FollowerSettings settings, FollowedCore copy);
  }

  /**
   * @param serving is told whether clients are to come here, in the turn
   * @param whenFailed is told, once, why it is neither a leader nor a follower any more
   */
  RoleLoop(
      GroupMember member,
      CurrentCore current,
      Followers followers,
      Wakeup worker,
      Consumer<Boolean> serving,
      Consumer<String> whenFailed) {
    this.member = member;
    this.current = current;
    this.followers = followers;
    this.worker = worker;
    this.serving = serving;
    this.whenFailed = whenFailed;
  }

  /**
   * Opens the directory as a copy, and tells the controller of it. Before the first turn, and after each
   * leadership.
   */
  void open() {
    FollowedCore opened = current.copy();
    copy = opened;
    long opening = member.open(current.syncs());
    long witnessed = opened.openOwn();
    LOG.info("opening {}, the log ends at {}", opening, opened.logEnd());
    member.tellOpened(opened.logEnd(), witnessed);
  }

  // What others ask, on any thread

  /** What the controller says. */
  void heard(GroupState newer) {
    LedEpoch leads = led;
    if (leads != null) {
      leads.heard(newer);
    }
    state = newer;
    worker.wake();
  }

  @Nullable
  AlterInSync proposal() {
    LedEpoch leads = led;
    return leads == null ? null : leads.proposal();
  }

  LogEnd logEnd() {
    LedLog leads = ledLog;
    FollowedCore opened = copy;
    if (leads != null) {
      return new LogEnd(leads.log().epoch(), leads.log().written());
    }
    return opened == null ? new LogEnd(0, 0) : opened.logEnd();
  }

  /** The log that is led here; null while another replica leads. */
  @Nullable
  LedLog led() {
    return ledLog;
  }

  /** The log that is led is safe further than before. */
  void wrote() {
    LedEpoch leads = led;
    if (leads != null) {
      leads.wrote();
    }
  }

  /** Whether another replica could lead. */
  boolean hasHeirs() {
    GroupState now = state;
    return led != null && now != null && now.inSync().replicas().size() > 1;
  }

  @Nullable
  Refusal shortage() {
    LedEpoch leads = led;
    return leads == null ? null : leads.shortage();
  }

  // The turn

  @Override
  public int turn() {
    GroupState now = state;
    if (isOver || now == null) {
      return 0;
    }
    try {
      return become(now) ? 1 : 0;
    } catch (RuntimeException | Error e) {
      LOG.error("the replica cannot go on", e);
      end("the replica cannot go on: " + e.getMessage());
      return 1;
    }
  }

  private boolean become(GroupState now) {
    Incarnation self = member.learn(now);
    LedEpoch leads = led;
    if (leads != null) {
      if (leads.heard(now)) {
        return false;
      }
      stepDown(now);
      return true;
    }
    if (self == null) {
      return false; // it does not know of this opening yet
    }
    if (now.isLedBy(self)) {
      lead(now, self);
      return true;
    }
    return follow(now, self);
  }

  private boolean follow(GroupState now, Incarnation self) {
    Incarnation leader = now.leader();
    Member its = leader == null ? null : now.member(leader.replica());
    Followed wanted = leader == null || its == null || leader.replica() == self.replica()
        ? null
        : new Followed(leader, now.epoch(), its.profile().replicationAddress());
    if (wanted == null ? followed == null : wanted.equals(followed)) {
      return false;
    }
    stopFollowing();
    FollowedCore opened = copy;
    if (wanted != null && opened != null) {
      LOG.info("follows replica {} in epoch {}, at {}", leader, now.epoch(), wanted.address());
      follower = followers.follow(
          new FollowerSettings(wanted.address(), now.name(), self, now.epoch(), member.secret()),
          opened);
    }
    followed = wanted;
    return true;
  }

  private void stopFollowing() {
    LogFollower stopping = follower;
    follower = null;
    followed = null;
    if (stopping != null) {
      stopping.close();
    }
  }

  private void lead(GroupState now, Incarnation self) {
    stopFollowing();
    FollowedCore opened = copy;
    if (opened == null) {
      throw new IllegalStateException("there is no log to lead");
    }
    BrokerCore core = opened.promote();
    copy = null;
    current.lead(core, now.epoch());
    CommitLog log = core.store.log();
    LedEpoch leads =
        new LedEpoch(now, self, log, current.surroundings().ticker(), current::committed);
    led = leads;
    ledLog = new LedLog(log, leads);
    current.start();
    LOG.info(
        "leads in epoch {}, from {} on, in sync are {}",
        now.epoch(),
        log.written(),
        now.inSync().replicas());
    leads.wrote();
  }

  private void stepDown(GroupState now) {
    LOG.warn("leads no more: in epoch {} the leader is {}", now.epoch(), now.leader());
    member.tellClosed();
    led = null;
    ledLog = null;
    current.refuseAll();
    serving.accept(false);
    current.letGo();
    open();
  }

  private void end(String why) {
    isOver = true;
    whenFailed.accept(why);
  }

  @Override
  public boolean hasWork() {
    return false;
  }

  @Override
  public long nextMillis() {
    return Long.MAX_VALUE;
  }

  /** After the last turn: lets go of the log that is copied. The one that is led is {@link CurrentCore}'s. */
  @Override
  public void close() {
    stopFollowing();
    FollowedCore open = copy;
    copy = null;
    if (open != null) {
      open.close();
    }
  }
}
