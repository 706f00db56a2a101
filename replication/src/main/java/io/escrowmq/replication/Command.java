package io.escrowmq.replication;

import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/** What changes a group. Each names what it is based on, so that applying it twice does no harm. Immutable. */
public sealed interface Command {

  /** The broker's name. */
  String group();

  /**
   * A replica has opened its directory. It gets a number if it has none. A leader that says hello has lost its epoch.
   *
   * @param cluster the one it belongs to; empty when it has never been in one
   * @param replica its number; 0 when it has none yet
   * @param least what the group's min-in-sync shall be, if this is its first replica
   */
  record Hello(
      String group,
      String cluster,
      int replica,
      String directory,
      long incarnation,
      Profile profile,
      Opening opening,
      int least)
      implements Command {

    public Hello {
      Limits.text("the name of the broker", group, Limits.MOST_NAME);
      Limits.length("the name of the cluster", cluster, Limits.MOST_NAME);
      Limits.range("the number of a replica", replica, 0, Integer.MAX_VALUE);
      Limits.text("the name of the directory", directory, Limits.MOST_NAME);
      Limits.range("an incarnation", incarnation, 1, Long.MAX_VALUE);
      Limits.range("min-in-sync", least, 1, Limits.MOST_REPLICAS);
    }
  }

  /**
   * What a replica found when it opened its directory.
   *
   * @param lostFrom it may have lost from here on what it had acknowledged; empty when it has not
   * @param newestKind the highest kind of record that it can apply
   */
  record Opening(LogEnd log, OptionalLong lostFrom, int newestKind) {}

  /**
   * The leader wants another in-sync set.
   *
   * @param version the state that it is based on
   * @param replicas with the incarnation whose progress was counted
   */
  record AlterInSync(
      String group, Incarnation leader, int epoch, long version, SortedMap<Integer, Long> replicas)
      implements Command {

    public AlterInSync {
      replicas = Collections.unmodifiableSortedMap(new TreeMap<>(replicas));
      Limits.range("the number of in-sync replicas", replicas.size(), 1, Limits.MOST_REPLICAS);
    }
  }

  /**
   * Somebody else shall lead.
   *
   * @param epoch the one that ends; an election that comes late has no effect
   * @param to who shall lead; 0 for the best
   * @param alive everybody who can lead now
   */
  record Elect(String group, int epoch, Cause cause, int to, List<Candidate> alive)
      implements Command {

    public Elect {
      alive = List.copyOf(alive);
      Limits.range("the number of candidates", alive.size(), 0, Limits.MOST_REPLICAS);
    }
  }

  /** Why there is an election. */
  enum Cause {
    /** The leader was not heard of for too long, or nobody leads. */
    SESSION_OVER(1),
    /** The leader asks for it. */
    HAND_OVER(2),
    /** An operator asks for it. */
    OPERATOR(3);

    private final int number;

    Cause(int number) {
      this.number = number;
    }

    int number() {
      return number;
    }

    static Cause of(int number) {
      for (Cause cause : values()) {
        if (cause.number == number) {
          return cause;
        }
      }
      throw new StateFormatException(
          "an election has no cause " + number + "; causes 1 to " + values().length + " are known");
    }
  }

  /**
   * An operator lets a replica lead that may lack committed records: the only way to lose some.
   *
   * @param order who ordered it, and what was accepted as lost; it is kept with the group
   */
  record ElectUnclean(String group, int epoch, Candidate candidate, String order)
      implements Command {

    public ElectUnclean {
      Limits.text("the order", order, Limits.MOST_ORDER);
    }
  }

  /** A replica will never come back; its number is not given out again. */
  record Remove(String group, int replica) implements Command {}

  /** How many in-sync replicas an acknowledgement needs. */
  record SetMinInSync(String group, int least) implements Command {}
}
