package io.escrowmq.simulation;

import java.util.List;

/** Faults that the simulation must find. */
@SuppressWarnings("StringConcatToTextBlock") // they are pieces of lines
final class Mutants {

  private static final String STORE = "store/src/main/java/io/escrowmq/store/";
  private static final String BROKER = "broker/src/main/java/io/escrowmq/broker/";
  private static final String COORDINATOR = "tx-coordinator/src/main/java/io/escrowmq/tx/";

  static final List<Mutant> ALL = List.of(
      new Mutant(
          "acknowledges before the write",
          BROKER + "core/LogLoop.java",
          "      write();\n      hand();",
          "      hand();\n      write();"),
      new Mutant(
          "takes for safe what is written",
          STORE + "CommitLog.java",
          "    return settings.flush() == FlushMode.SYNC ? durable() : written;",
          "    return written;"),
      new Mutant(
          "answers and shows before the sync",
          BROKER + "core/FlushLoop.java",
          "if (why == null && batch.end() > log.durable())",
          "if (batch.end() < 0)"),
      new Mutant(
          "answers and shows when the sync has failed",
          BROKER + "core/FlushLoop.java",
          "      failure = why;\n      logLoop.wake();\n      return why;",
          "      return null;"),
      new Mutant(
          "leaves out a sync now and then",
          BROKER + "core/FlushLoop.java",
          "      sync.sync();\n      return null;",
          "      if (log.written() % 64 > 0) {\n        sync.sync();\n      }\n      return null;"),
      new Mutant(
          "takes for durable what a failed sync left",
          STORE + "DurableEnd.java",
          "      throw fuse.blow(e);\n    } catch (RuntimeException | Error e) { // what is on disk",
          "      // goes on\n    } catch (RuntimeException | Error e) { // what is on disk"),
      new Mutant(
          "syncs no names of segments",
          STORE + "DurableEnd.java",
          "      segments.syncNames();\n",
          ""),
      new Mutant(
          "vouches in marks for what is not durable",
          STORE + "CommitLog.java",
          "    fuse.check();\n    tail().mark(durable());",
          "    fuse.check();\n    tail().mark(written);"),
      new Mutant(
          "vouches in headers of segments for what is not durable",
          STORE + "CommitLog.java",
          "    return tail().append(kind.number(), flags, length, writer, durable());",
          "    return tail().append(kind.number(), flags, length, writer, tail().end());"),
      new Mutant(
          "does not make durable what a start finds",
          STORE + "DurableEnd.java",
          "    if (position == written) {\n      return;",
          "    if (position <= written) {\n      position = written;\n      return;"),
      new Mutant(
          "checks only the beginning of a record",
          STORE + "RecordChecksum.java",
          "crc.update(bytes.limit(end)",
          "crc.update(bytes.limit(Math.min(end, at + 64))"),
      new Mutant(
          "goes on after a failed write",
          BROKER + "core/LogLoop.java",
          "    log.fail(reason, cause); // from here on nothing is written, at an orderly end neither\n",
          "    if (log.start() >= 0) {\n      return;\n    }\n"),
      new Mutant(
          "answers well what it has given up",
          BROKER + "core/Batch.java",
          "    each(proposals, proposal -> proposal.abandon(reason));",
          "    each(proposals, Proposal::settle);"),
      new Mutant(
          "does not publish where queues end",
          BROKER + "core/Batch.java",
          "      grown.get(i).publish(tails[i]);\n",
          "      grown.get(i).tail();\n"),
      new Mutant(
          "writes state files ahead of the log",
          BROKER + "core/StateKeeper.java",
          "ready == null || log.durable() < ready.position()",
          "ready == null"),
      new Mutant(
          "lets retention take what is in escrow",
          BROKER + "core/RetentionDuty.java",
          "    plannedBefore = Math.min(free, escrow.oldestPosition());",
          "    plannedBefore = free;"),
      new Mutant(
          "forgets delayed messages when it records them again",
          BROKER + "delay/DelayedMessages.java",
          "    if (!due.move(from, record.position(), record.recordLength())) {",
          "    if (!due.remove(from)) {"),
      new Mutant(
          "deletes what no state file holds",
          BROKER + "core/RetentionDuty.java",
          "    long free = Math.min(wanted, states.oldestPosition());",
          "    long free = wanted;"),
      new Mutant(
          "deletes what replaces old segments before it is durable",
          BROKER + "core/RetentionDuty.java",
          "      if (log.durable() < plannedEnd) {",
          "      if (log.end() < plannedEnd) {"),
      new Mutant(
          "replays from behind the state file",
          BROKER + "Replay.java",
          "      apply(record);\n      records++;\n",
          "      if (position == 0 || records > 0) {\n        apply(record);\n      }\n      records++;\n"),
      new Mutant(
          "gives a queue offset again",
          BROKER + "visible/QueueViews.java",
          "    return queue == null ? 0 : queue.tail();",
          "    return queue == null || queue.tail() % 50 == 49 ? 0 : queue.tail();"),
      new Mutant(
          "does not find by key what left escrow",
          BROKER + "visible/QueueViews.java",
          "    release.keysOf(releasedAt, keys);\n",
          ""),
      new Mutant(
          "shows half-messages by id",
          BROKER + "pull/VisibleMessages.java",
          "    Release release = decisions.releaseOf(half);\n"
              + "    return release == null ? ofDelayed(reader, half) : released(reader, release);",
          "    return StoredMessages.visible(half);"),
      new Mutant(
          "shows in look-ups what is not safe",
          STORE + "CommitLog.java",
          "    return settings.flush() == FlushMode.SYNC ? durable() : written;",
          "    return written;"),
      new Mutant(
          "evicts by question",
          BROKER + "recent/RecentSends.java",
          "    KeyWindow window = byTopic.get(topic);\n"
              + "    long[] known = window == null ? null : positions(window, keys);\n"
              + "    if (window == null || known == null) {\n      return null;\n    }\n    long first",
          "    KeyWindow window = byUse.get(topic);\n"
              + "    long[] known = window == null ? null : positions(window, keys);\n"
              + "    if (window == null || known == null) {\n      return null;\n    }\n    long first"),
      new Mutant(
          "knows no send that comes again",
          BROKER + "recent/Once.java",
          "    if (recent == null) {",
          "    if (recent == null || messages == 1) {"),
      new Mutant(
          "takes a batch of half-messages for there when its first one is",
          BROKER + "recent/Once.java",
          "        ? recent.findHalves(topic, keys, messages)",
          "        ? recent.findHalves(topic, keys.subList(0, 1), messages)"),
      new Mutant(
          "keeps what is in queues of a deleted topic",
          BROKER + "topic/TopicFeature.java",
          "    core.queueViews().deleteTopic(topic);\n",
          ""),
      new Mutant(
          "records where groups are no more",
          BROKER + "consumer/ConsumerOffsets.java",
          "record(recorder, 1) ?",
          "record(recorder, 0) ?"),
      new Mutant(
          "leads a group past one message",
          BROKER + "consumer/OffsetReports.java",
          "    return offset;",
          "    return offset + (offset % 16 == 0 ? 1 : 0);"),
      new Mutant(
          "decides anew what was decided",
          COORDINATOR + "TransactionCoordinator.java",
          "    if (leader.isDecided()) {\n      Decision decision = leader.decision();\n"
              + "      return decision.verdict() == verdict",
          "    if (leader.isDecided() && verdict == Verdict.ROLLBACK) {\n"
              + "      Decision decision = leader.decision();\n"
              + "      return decision.verdict() == verdict"),
      new Mutant(
          "says yes to a contrary report",
          COORDINATOR + "TransactionCoordinator.java",
          "      return decision.verdict() == verdict\n",
          "      return decision.verdict() != null\n"),
      new Mutant(
          "lets another group decide",
          COORDINATOR + "TransactionCoordinator.java",
          "    if (!escrow.group.name.equals(group)) {",
          "    if (group.isEmpty()) {"),
      new Mutant(
          "records rollbacks as commits",
          BROKER + "tx/DecisionWriter.java",
          "new Decision(ruling.id(), ruling.verdict(), said.by(), recorder.nowMillis())",
          "new Decision(ruling.id(), Verdict.COMMIT, said.by(), recorder.nowMillis())"),
      new Mutant(
          "shows only the first message of a transaction",
          BROKER + "tx/Transactions.java",
          "      if (part.release() != null) {\n        queues.release(",
          "      if (part.release() != null && part == decided.parts().get(0)) {\n"
              + "        queues.release("),
      new Mutant(
          "leaves messages of a transaction out of its decision",
          COORDINATOR + "EscrowBook.java",
          "    escrow.party = leader.party;\n    leader.party.join(escrow);",
          "    escrow.party = leader.party;\n    if (escrow.id % 16 == 0) {\n"
              + "      leader.party.join(escrow);\n    }"),
      new Mutant(
          "asks no second time",
          COORDINATOR + "EscrowBook.java",
          "      schedule(escrow, nextMillis);\n    }\n  }\n\n  /** All checks",
          "    }\n  }\n\n  /** All checks"),
      new Mutant(
          "asks another group",
          BROKER + "tx/CheckSender.java",
          "producers.choose(question.group(),",
          "producers.choose(question.group().replace(\"-a\", \"-b\"),"),
      new Mutant(
          "delivers delayed messages at once",
          BROKER + "delay/DelayedMessages.java",
          "due.earliestTry() <= nowMillis",
          "due.earliestTry() <= nowMillis + 600"),
      new Mutant(
          "delivers some delayed messages twice",
          BROKER + "delay/DelayedMessages.java",
          "    if (!due.remove(delivery.position())) {",
          "    if (delivery.position() % 24 > 0 && !due.remove(delivery.position())) {"));

  private Mutants() {}
}
