package io.escrowmq.namesrv.controller;

import io.escrowmq.replication.Candidate;
import io.escrowmq.replication.GroupState;
import io.escrowmq.replication.Incarnation;
import io.escrowmq.replication.LogEnd;
import io.escrowmq.replication.Member;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which replicas were heard of lately. Soft: nothing of it is kept. Owner: the controller's loop.
 *
 * <p>A controller that has just started, or that did not run itself for a while, has heard of nobody: it waits as long
 * as a session lasts before it holds silence against anyone.
 */
final class Sessions {

  /** How long a replica may be silent; heartbeats come every 100 ms. */
  static final long LASTS_MILLIS = 2_000;

  /** If two looks are further apart, this process did not run: silence proves nothing. */
  static final long LONGEST_PAUSE_MILLIS = 1_000;

  private record Place(String group, int replica) {}

  private record Session(Incarnation incarnation, LogEnd log, long heardMillis) {}

  private final Map<Place, Session> sessions = new HashMap<>(); // of members only
  private long lookedMillis;
  private long judgesFromMillis;

  Sessions(long nowMillis) {
    lookedMillis = nowMillis;
    judgesFromMillis = nowMillis + LASTS_MILLIS;
  }

  void heard(String group, Incarnation incarnation, LogEnd log, long nowMillis) {
    sessions.put(new Place(group, incarnation.replica()), new Session(incarnation, log, nowMillis));
  }

  void forget(String group, int replica) {
    sessions.remove(new Place(group, replica));
  }

  /** To be called at each look, before anybody is judged. True when silence means something. */
  boolean mayJudge(long nowMillis) {
    if (nowMillis - lookedMillis > LONGEST_PAUSE_MILLIS) {
      judgesFromMillis = nowMillis + LASTS_MILLIS;
    }
    lookedMillis = nowMillis;
    return nowMillis >= judgesFromMillis;
  }

  boolean isAlive(GroupState group, Incarnation incarnation, long nowMillis) {
    Session session = session(group, incarnation.replica());
    return session != null
        && session.incarnation().equals(incarnation)
        && nowMillis - session.heardMillis() <= LASTS_MILLIS;
  }

  /** Who of a group is alive, in its last incarnation, and where its log ends. */
  List<Candidate> alive(GroupState group, long nowMillis) {
    List<Candidate> alive = new ArrayList<>();
    for (Member member : group.members().values()) {
      Session session = session(group, member.id());
      if (session != null && isAlive(group, member.current(), nowMillis)) {
        alive.add(new Candidate(member.current(), session.log()));
      }
    }
    return alive;
  }

  private @Nullable Session session(GroupState group, int replica) {
    return sessions.get(new Place(group.name(), replica));
  }
}
