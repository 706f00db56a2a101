package io.escrowmq.namesrv.controller;

import io.escrowmq.namesrv.controller.ControllerRequest.Beat;
import io.escrowmq.namesrv.controller.ControllerRequest.Election;
import io.escrowmq.namesrv.controller.ControllerRequest.Order;
import io.escrowmq.namesrv.controller.ControllerRequest.UncleanElection;
import io.escrowmq.replication.Candidate;
import io.escrowmq.replication.Command;
import io.escrowmq.replication.Command.Cause;
import io.escrowmq.replication.Command.Elect;
import io.escrowmq.replication.Command.ElectUnclean;
import io.escrowmq.replication.Command.Hello;
import io.escrowmq.replication.GroupBook;
import io.escrowmq.replication.GroupState;
import io.escrowmq.replication.Incarnation;
import io.escrowmq.replication.LogEnd;
import io.escrowmq.replication.Member;
import io.escrowmq.replication.Refusal;
import io.escrowmq.replication.Refusal.Reason;
import io.escrowmq.replication.Ruling;
import io.escrowmq.runtime.Loop;
import io.escrowmq.runtime.Ticker;
import io.escrowmq.runtime.Wakeup;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owns the book and the sessions of a controller. Event loops hand it requests through a bounded inbox; it answers them
 * in their order, and elects where nobody leads.
 *
 * <p>One caller of {@link #turn()} at a time; everything else may be called from any thread.
 */
public final class ControllerLoop implements Loop {

  private record Waiting(ControllerRequest request, Consumer<ControllerAnswer> answer) {}

  private static final Logger LOG = LoggerFactory.getLogger(ControllerLoop.class);

  private static final int MOST_WAITING = 4_096; // who comes when it is full is told to come again
  private static final int MOST_PER_TURN = 256;
  private static final long TICK_MILLIS = 100;
  private static final int CURRENT_EPOCH = -1;

  private final Ticker ticker;
  private final Consensus consensus;
  private final Sessions sessions;
  private final Wakeup wakeup;
  private final Queue<Waiting> inbox = new ArrayBlockingQueue<>(MOST_WAITING);
  private final Map<String, String> lastTrouble = new HashMap<>(); // of groups; said once
  private volatile GroupBook book;
  private long nextTickMillis;

  /** @param wakeup wakes the worker that turns this loop */
  public ControllerLoop(Ticker ticker, Consensus consensus, Wakeup wakeup) {
    this.ticker = ticker;
    this.consensus = consensus;
    this.wakeup = wakeup;
    this.sessions = new Sessions(ticker.millis());
    this.book = consensus.book();
    this.nextTickMillis = ticker.millis();
  }

  /** As of the last turn. Any thread. */
  public GroupBook book() {
    return book;
  }

  /**
   * Takes a request in; false when too many wait. Any thread.
   *
   * @param answer is told once, on the loop's thread
   */
  public boolean submit(ControllerRequest request, Consumer<ControllerAnswer> answer) {
    boolean isTaken = inbox.offer(new Waiting(request, answer));
    wakeup.wake();
    return isTaken;
  }

  // The loop

  @Override
  public int turn() {
    long nowMillis = ticker.millis();
    int moved = 0;
    // Before anybody is judged: heartbeats that waited count.
    for (Waiting next = inbox.poll(); next != null; next = inbox.poll()) {
      answer(next, nowMillis);
      moved++;
      if (moved == MOST_PER_TURN) {
        return moved;
      }
    }
    if (nowMillis >= nextTickMillis) {
      nextTickMillis = nowMillis + TICK_MILLIS;
      if (sessions.mayJudge(nowMillis)) {
        electWhereNobodyLeads(nowMillis);
      }
    }
    return moved;
  }

  @Override
  public boolean hasWork() {
    return !inbox.isEmpty();
  }

  @Override
  public long nextMillis() {
    return nextTickMillis;
  }

  private void answer(Waiting waiting, long nowMillis) {
    Consumer<ControllerAnswer> answer = waiting.answer();
    try {
      ControllerRequest request = waiting.request();
      if (request instanceof Beat beat) {
        answer.accept(beat(beat, nowMillis));
      } else if (request instanceof Order order) {
        decide(order.command(), nowMillis, answer);
      } else if (request instanceof Election election) {
        elect(election, nowMillis, answer);
      } else if (request instanceof UncleanElection unclean) {
        electUnclean(unclean, nowMillis, answer);
      }
    } catch (ConsensusException e) {
      LOG.error("What the controller decided could not be kept", e);
      answer.accept(new ControllerAnswer.Failed(String.valueOf(e.getMessage())));
    } catch (RuntimeException | Error e) { // one request's failure is its own
      LOG.error("A request to the controller failed", e);
      answer.accept(new ControllerAnswer.Failed("the controller failed: " + e));
    }
  }

  private ControllerAnswer beat(Beat beat, long nowMillis) {
    GroupState group = consensus.book().group(beat.group());
    if (group == null) {
      return unknown(beat.group());
    }
    Member member = group.member(beat.incarnation().replica());
    if (member == null || !member.current().equals(beat.incarnation())) {
      return new ControllerAnswer.Refused(
          new Refusal(
              member == null ? Reason.UNKNOWN_REPLICA : Reason.OLD_INCARNATION,
              "group \"" + beat.group() + "\": replica " + beat.incarnation() + " is "
                  + (member == null
                      ? "no member"
                      : "not the last one, which is " + member.current())
                  + "; say hello first"),
          group);
    }
    sessions.heard(beat.group(), beat.incarnation(), beat.log(), nowMillis);
    return beat.version() < group.version()
        ? new ControllerAnswer.Now(group)
        : new ControllerAnswer.NothingNew();
  }

  private static ControllerAnswer unknown(String group) {
    return new ControllerAnswer.Refused(
        new Refusal(
            Reason.UNKNOWN_GROUP,
            "there is no group \"" + group + "\"; it begins when its first replica says hello"),
        null);
  }

  private void elect(Election election, long nowMillis, Consumer<ControllerAnswer> answer) {
    GroupState group = consensus.book().group(election.group());
    if (group == null) {
      answer.accept(unknown(election.group()));
      return;
    }
    int epoch = election.epoch() == CURRENT_EPOCH ? group.epoch() : election.epoch();
    decide(
        new Elect(
            group.name(), epoch, election.cause(), election.to(), sessions.alive(group, nowMillis)),
        nowMillis,
        answer);
  }

  private void electUnclean(
      UncleanElection unclean, long nowMillis, Consumer<ControllerAnswer> answer) {
    GroupState group = consensus.book().group(unclean.group());
    if (group == null) {
      answer.accept(unknown(unclean.group()));
      return;
    }
    for (Candidate candidate : sessions.alive(group, nowMillis)) {
      if (candidate.incarnation().replica() == unclean.replica()) {
        decide(
            new ElectUnclean(group.name(), group.epoch(), candidate, unclean.order()),
            nowMillis,
            answer);
        return;
      }
    }
    answer.accept(new ControllerAnswer.Refused(
        new Refusal(
            Reason.NO_CANDIDATE,
            "group \"" + group.name() + "\": replica " + unclean.replica()
                + " was not heard of for " + Sessions.LASTS_MILLIS + " ms; start it first"),
        group));
  }

  private void decide(Command command, long nowMillis, Consumer<ControllerAnswer> answer) {
    GroupState before = consensus.book().group(command.group());
    consensus.submit(command, ruling -> {
      book = consensus.book();
      if (ruling instanceof Ruling.Accepted accepted) {
        GroupState state = accepted.state();
        if (!state.equals(before)) {
          LOG.info(
              "Group {}: {}, {}, because of {}",
              state.name(),
              state.leadership(),
              state.inSync(),
              command);
        }
        welcome(command, state, nowMillis);
        answer.accept(new ControllerAnswer.Now(state));
      } else if (ruling instanceof Ruling.Refused refused) {
        answer.accept(new ControllerAnswer.Refused(refused.refusal(), refused.state()));
      }
    });
  }

  private void welcome(Command command, GroupState state, long nowMillis) {
    if (command instanceof Hello hello) {
      Member member = state.memberIn(hello.directory());
      if (member != null) {
        LogEnd log = hello.opening().log();
        sessions.heard(state.name(), member.current(), log, nowMillis);
      }
    } else if (command instanceof Command.Remove remove) {
      sessions.forget(state.name(), remove.replica());
    }
  }

  private void electWhereNobodyLeads(long nowMillis) {
    for (GroupState group : consensus.book().groups().values()) {
      Incarnation leader = group.leader();
      if (leader != null && sessions.isAlive(group, leader, nowMillis)) {
        continue;
      }
      List<Candidate> alive = sessions.alive(group, nowMillis);
      if (alive.isEmpty()) {
        continue;
      }
      try {
        decide(
            new Elect(group.name(), group.epoch(), Cause.SESSION_OVER, 0, alive),
            nowMillis,
            elected -> tell(group, elected));
      } catch (ConsensusException e) { // the next tick tries again
        say(group.name(), String.valueOf(e.getMessage()));
      }
    }
  }

  private void tell(GroupState before, ControllerAnswer answer) {
    if (answer instanceof ControllerAnswer.Refused refused) {
      say(before.name(), refused.refusal().text());
    } else if (answer instanceof ControllerAnswer.Now now) {
      lastTrouble.remove(before.name());
      Incarnation leader = now.state().leader();
      if (leader != null && before.isFlagged(leader.replica())) {
        LOG.error(
            "Group {}: replica {} leads, though it may have lost what was acknowledged: all others may have, too,"
                + " and it has most",
            before.name(),
            leader);
      }
    }
  }

  private void say(String group, String trouble) {
    if (!trouble.equals(lastTrouble.put(group, trouble))) {
      LOG.warn("Nobody can be elected: {}", trouble);
    }
  }
}
