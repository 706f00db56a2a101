package io.escrowmq.replication;

import io.escrowmq.replication.Command.AlterInSync;
import io.escrowmq.replication.Command.Cause;
import io.escrowmq.replication.Command.Elect;
import io.escrowmq.replication.Command.ElectUnclean;
import io.escrowmq.replication.Command.Hello;
import io.escrowmq.replication.Command.Opening;
import io.escrowmq.replication.Command.Remove;
import io.escrowmq.replication.Command.SetMinInSync;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Commands as bytes: format int8, kind int8, the fields in their order. See {@link StateCodec} for texts and lists. */
public final class CommandCodec {

  /** No command is longer. */
  public static final int MOST_BYTES = 8 << 10;

  private static final int FORMAT = 1;
  private static final int HELLO = 1;
  private static final int ALTER_IN_SYNC = 2;
  private static final int ELECT = 3;
  private static final int ELECT_UNCLEAN = 4;
  private static final int REMOVE = 5;
  private static final int SET_MIN_IN_SYNC = 6;

  private CommandCodec() {}

  public static byte[] encode(Command command) {
    FieldWriter out = new FieldWriter().int8(FORMAT);
    if (command instanceof Hello hello) {
      write(hello, out);
    } else if (command instanceof AlterInSync alter) {
      write(alter, out);
    } else if (command instanceof Elect elect) {
      write(elect, out);
    } else if (command instanceof ElectUnclean unclean) {
      out.int8(ELECT_UNCLEAN).text(unclean.group()).int32(unclean.epoch());
      write(unclean.candidate(), out);
      out.text(unclean.order());
    } else if (command instanceof Remove remove) {
      out.int8(REMOVE).text(remove.group()).int32(remove.replica());
    } else if (command instanceof SetMinInSync set) {
      out.int8(SET_MIN_IN_SYNC).text(set.group()).int32(set.least());
    }
    return out.toBytes();
  }

  /** Fails with {@link StateFormatException}. */
  public static Command decode(byte[] bytes) {
    return FieldReader.whole("command", bytes, bytes.length, CommandCodec::read);
  }

  private static Command read(FieldReader in) {
    in.format(FORMAT);
    int kind = in.int8();
    return switch (kind) {
      case HELLO -> readHello(in);
      case ALTER_IN_SYNC -> readAlter(in);
      case ELECT -> readElect(in);
      case ELECT_UNCLEAN -> new ElectUnclean(in.text(), in.int32(), readCandidate(in), in.text());
      case REMOVE -> new Remove(in.text(), in.int32());
      case SET_MIN_IN_SYNC -> new SetMinInSync(in.text(), in.int32());
      default ->
        throw new StateFormatException("this is no command: kind " + kind + ", kinds 1 to "
            + SET_MIN_IN_SYNC + " are known; use a newer version");
    };
  }

  private static void write(Hello hello, FieldWriter out) {
    Opening opening = hello.opening();
    out.int8(HELLO)
        .text(hello.group())
        .text(hello.cluster())
        .int32(hello.replica())
        .text(hello.directory())
        .int64(hello.incarnation())
        .profile(hello.profile())
        .log(opening.log())
        .optional(opening.lostFrom())
        .int32(opening.newestKind())
        .int32(hello.least());
  }

  private static Hello readHello(FieldReader in) {
    return new Hello(
        in.text(),
        in.text(),
        in.int32(),
        in.text(),
        in.int64(),
        in.profile(),
        new Opening(in.log(), in.optionalLong(), in.int32()),
        in.int32());
  }

  private static void write(AlterInSync alter, FieldWriter out) {
    out.int8(ALTER_IN_SYNC)
        .text(alter.group())
        .incarnation(alter.leader())
        .int32(alter.epoch())
        .int64(alter.version())
        .int8(alter.replicas().size());
    alter.replicas().forEach((replica, incarnation) -> out.int32(replica).int64(incarnation));
  }

  private static AlterInSync readAlter(FieldReader in) {
    String group = in.text();
    Incarnation leader = in.incarnation();
    int epoch = in.int32();
    long version = in.int64();
    int count = in.count(Limits.MOST_REPLICAS);
    SortedMap<Integer, Long> replicas = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      replicas.put(in.int32(), in.int64());
    }
    return new AlterInSync(group, leader, epoch, version, replicas);
  }

  private static void write(Elect elect, FieldWriter out) {
    out.int8(ELECT)
        .text(elect.group())
        .int32(elect.epoch())
        .int8(elect.cause().number())
        .int32(elect.to())
        .int8(elect.alive().size());
    elect.alive().forEach(candidate -> write(candidate, out));
  }

  private static Elect readElect(FieldReader in) {
    String group = in.text();
    int epoch = in.int32();
    Cause cause = Cause.of(in.int8());
    int to = in.int32();
    int count = in.count(Limits.MOST_REPLICAS);
    List<Candidate> alive = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      alive.add(readCandidate(in));
    }
    return new Elect(group, epoch, cause, to, alive);
  }

  private static void write(Candidate candidate, FieldWriter out) {
    out.incarnation(candidate.incarnation()).log(candidate.log());
  }

  private static Candidate readCandidate(FieldReader in) {
    return new Candidate(in.incarnation(), in.log());
  }
}
