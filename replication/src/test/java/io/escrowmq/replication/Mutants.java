package io.escrowmq.replication;

import java.util.List;

/** Rules without which something acknowledged is lost, or told in two ways. */
final class Mutants {

  private static final String IN_SYNC = "InSync.java";
  private static final String BOOK = "GroupBook.java";
  private static final String HELLO = "HelloRules.java";
  private static final String ELECTION = "Election.java";
  private static final String SET = "InSyncSet.java";

  static final List<Mutant> ALL = List.of(
      new Mutant(
          "counts no set that is only proposed",
          IN_SYNC,
          "counting.addAll(proposal.replicas().keySet());",
          "counting.size();"),
      new Mutant(
          "gives a proposal up because the old version was read",
          IN_SYNC,
          "    if (isDeposed || newer.version() <= state.version()) {",
          "    if (newer.version() == state.version()) {\n      proposal = null;\n    }\n"
              + "    if (isDeposed || newer.version() <= state.version()) {"),
      new Mutant(
          "uses a smaller set before it is confirmed",
          IN_SYNC,
          "new TreeSet<>(state.inSync().replicas())",
          "new TreeSet<>(\n        proposal == null ? state.inSync().replicas() : proposal.replicas().keySet())"),
      new Mutant(
          "counts what was acknowledged in an earlier epoch",
          IN_SYNC,
          "    if (inEpoch != epoch\n        || progress == null",
          "    if (progress == null"),
      new Mutant(
          "commits with a set that is too small",
          IN_SYNC,
          "if (isDeposed || state.inSync().isThin()) {",
          "if (isDeposed) {"),
      new Mutant(
          "commits before the epoch's first record", IN_SYNC, "least >= start", "least >= 0"),
      new Mutant(
          "does not wait for its own disk", IN_SYNC, "long least = safe;", "long least = end;"),
      new Mutant(
          "takes in who has not caught up",
          IN_SYNC,
          "        && progress.hasCaughtUp()\n        && progress.safe() >= Math.max(committed, start)",
          ""),
      new Mutant(
          "changes the set on top of any version",
          BOOK,
          "alter.version() != group.version()",
          "alter.version() < 0"),
      new Mutant(
          "leaves a leader its epoch when it starts again",
          HELLO,
          "group.leadership().vacant()",
          "group.leadership().begin(group.epoch(), member.current())"),
      new Mutant(
          "ignores that a replica may have lost something",
          HELLO,
          "hello.opening().lostFrom()",
          "OptionalLong.empty()"),
      new Mutant(
          "forgets at the next start that a replica may have lost something",
          HELLO,
          "member(known.id(), hello, known.lostFrom())",
          "member(known.id(), hello, OptionalLong.empty())"),
      new Mutant(
          "elects who may have lost something",
          ELECTION,
          "    sound.removeIf(group::isFlagged);\n",
          ""),
      new Mutant(
          "elects anybody alive",
          ELECTION,
          "Set<Integer> able = sound(group.inSync().replicas());",
          "Set<Integer> able = new HashSet<>(alive.keySet());"),
      new Mutant(
          "gives an epoch out twice",
          ELECTION,
          "return highest + 1;",
          "return Math.max(1, highest);"),
      new Mutant(
          "keeps eligible who left a set that is large enough",
          SET,
          "if (next.size() < least) {",
          "if (!next.isEmpty()) {"),
      new Mutant(
          "keeps eligible who left when fewer suffice again",
          SET,
          "isThin ? eligible : new TreeSet<>()",
          "isThin || eligible.isEmpty() ? new TreeSet<>() : eligible"));

  private Mutants() {}
}
