package io.escrowmq.broker.replica;

import io.escrowmq.broker.replica.GroupMember.Role;
import io.escrowmq.remoting.Answer;
import io.escrowmq.remoting.BadInputException;
import io.escrowmq.remoting.Body;
import io.escrowmq.remoting.RemotingClient;
import io.escrowmq.remoting.Request;
import io.escrowmq.remoting.WireHeader;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.header.ElectLeaderHeader;
import io.escrowmq.remoting.header.GreetReplicaResponseHeader;
import io.escrowmq.remoting.header.GroupRefusedHeader;
import io.escrowmq.remoting.header.ReplicaHeartbeatHeader;
import io.escrowmq.remoting.secret.Introduction;
import io.escrowmq.replication.Command;
import io.escrowmq.replication.Command.AlterInSync;
import io.escrowmq.replication.Command.Hello;
import io.escrowmq.replication.CommandCodec;
import io.escrowmq.replication.GroupState;
import io.escrowmq.replication.LogEnd;
import io.escrowmq.replication.Member;
import io.escrowmq.replication.Refusal.Reason;
import io.escrowmq.replication.StateCodec;
import io.escrowmq.replication.StateFormatException;
import io.escrowmq.runtime.Loop;
import io.escrowmq.runtime.Ticker;
import io.escrowmq.runtime.Wakeup;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a replica and its controller say to each other: who it is, that it is alive, which in-sync set it wants; and who
 * leads. One request at a time. Nothing here waits for a disk, so heartbeats go on while a log is opened.
 */
final class ControllerSession implements Loop {

  private static final Logger LOG = LoggerFactory.getLogger(ControllerSession.class);

  static final long BEAT_MILLIS = 100;

  private static final long LOOK_MILLIS = 100; // at what the in-sync set should be
  private static final long LEAST_PAUSE_MILLIS = 50;
  private static final long MOST_PAUSE_MILLIS = 1_000;
  private static final Duration TIMEOUT = Duration.ofSeconds(1);

  /** What no other try mends. */
  private static final Set<Reason> FINAL = Set.of(
      Reason.OTHER_CLUSTER,
      Reason.OTHER_DIRECTORY,
      Reason.UNKNOWN_REPLICA,
      Reason.OLD_INCARNATION,
      Reason.LIMIT);

  private enum Step {
    GREET,
    PROVE,
    HELLO,
    BEAT,
    ALTER,
    RESIGN
  }

  private record Outcome(@Nullable Answer answer, @Nullable Throwable failure) {}

  private final List<String> controllers;
  private final Introduction introduction;
  private final RemotingClient client;
  private final Role role;
  private final Ticker ticker;
  private final Wakeup worker;
  private final AtomicReference<@Nullable Outcome> outcome = new AtomicReference<>();
  private final AtomicReference<@Nullable Hello> hello =
      new AtomicReference<>(); // the last opening
  private volatile boolean resigns;

  private Step step = Step.GREET; // what was asked last, or is to be asked
  private @Nullable GreetReplicaResponseHeader greeted;
  private boolean isProven;
  private @Nullable Hello asked; // the opening that was told last
  private @Nullable Hello accepted; // the opening that the controller knows
  private @Nullable GroupState state; // the last one heard of since then
  private int controller; // which one is asked
  private boolean isAsking;
  private boolean isOver;
  private long nextBeatMillis;
  private long nextMillis;
  private long pauseMillis = LEAST_PAUSE_MILLIS;
  private String complaint = "";

  ControllerSession(
      List<String> controllers,
      Introduction introduction,
      RemotingClient client,
      Role role,
      Ticker ticker,
      Wakeup worker) {
    this.controllers = controllers;
    this.introduction = introduction;
    this.client = client;
    this.role = role;
    this.ticker = ticker;
    this.worker = worker;
    this.nextMillis = ticker.millis();
  }

  /** The replica has opened its directory: that is told, and from then on that it is alive. Any thread. */
  void opened(Hello opening) {
    hello.set(opening);
    worker.wake();
  }

  /** The replica is closed, or about to: nothing is told until it has opened its directory again. Any thread. */
  void closed() {
    hello.set(null);
  }

  /** Another replica shall lead, if one can. Any thread. */
  void resign() {
    resigns = true;
    worker.wake();
  }

  @Override
  public int turn() {
    Outcome came = outcome.getAndSet(null);
    if (came != null) {
      isAsking = false;
      take(came);
    }
    if (!isAsking && !isOver && ticker.millis() >= nextMillis) {
      ask();
    }
    return came == null ? 0 : 1;
  }

  private void ask() {
    Hello opening = hello.get();
    nextMillis = ticker.millis() + LOOK_MILLIS;
    if (opening == null) {
      return;
    }
    Request request = request(opening);
    if (request == null) {
      return;
    }
    isAsking = true;
    CompletionStage<Answer> asked = client.call(controllers.get(controller), request, TIMEOUT);
    asked.whenComplete((answer, failure) -> {
      outcome.set(new Outcome(answer, failure));
      worker.wake();
    });
  }

  private @Nullable Request request(Hello opening) {
    if (!isProven) {
      GreetReplicaResponseHeader answer = greeted;
      step = answer == null ? Step.GREET : Step.PROVE;
      return answer == null ? introduction.greet() : introduction.prove(answer);
    }
    GroupState known = state;
    if (known == null || accepted == null || accepted.incarnation() != opening.incarnation()) {
      step = Step.HELLO;
      asked = opening;
      return command(RequestCode.HELLO_CONTROLLER, opening);
    }
    AlterInSync proposal = role.proposal();
    if (proposal != null) {
      step = Step.ALTER;
      return command(RequestCode.ALTER_IN_SYNC, proposal);
    }
    if (resigns) {
      resigns = false;
      step = Step.RESIGN;
      return Request.of(
          RequestCode.ELECT_LEADER,
          new ElectLeaderHeader(opening.group(), known.epoch(), 0, true, ""));
    }
    if (ticker.millis() < nextBeatMillis) {
      return null;
    }
    step = Step.BEAT;
    nextBeatMillis = ticker.millis() + BEAT_MILLIS;
    return heartbeat(opening, known);
  }

  private Request heartbeat(Hello opening, GroupState known) {
    Member self = known.memberIn(opening.directory());
    LogEnd end = role.logEnd();
    return Request.of(
        RequestCode.HEARTBEAT_CONTROLLER,
        new ReplicaHeartbeatHeader(
            opening.group(),
            self == null ? opening.replica() : self.id(),
            opening.incarnation(),
            end.epoch(),
            end.position(),
            known.version()));
  }

  private static Request command(RequestCode code, Command command) {
    return new Request(code, WireHeader.NONE, Body.of(CommandCodec.encode(command)));
  }

  private void take(Outcome came) {
    Answer answer = came.answer();
    if (answer == null) {
      startAgain("no answer from the controller: " + came.failure());
      return;
    }
    try {
      if (answer.isOk()) {
        accept(answer);
      } else if (answer.code() == ResponseCode.GROUP_REFUSED.number()) {
        refused(answer);
      } else {
        startAgain("the controller refuses: " + answer.remark());
      }
    } catch (BadInputException | StateFormatException e) {
      startAgain("what the controller said cannot be used: " + e.getMessage());
    }
  }

  private void accept(Answer answer) {
    switch (step) {
      case GREET -> {
        GreetReplicaResponseHeader greeting =
            GreetReplicaResponseHeader.FIELDS.read(answer.fields());
        if (!introduction.isProven(greeting)) {
          startAgain("whoever answers there does not know the secret of this replica; compare"
              + " replication.secret-file with controller.secret-file");
          return;
        }
        greeted = greeting;
        nextMillis = ticker.millis();
      }
      case PROVE -> {
        isProven = true;
        nextMillis = ticker.millis();
      }
      default -> {
        pauseMillis = LEAST_PAUSE_MILLIS;
        complaint = "";
        hear(answer.body());
      }
    }
  }

  private void hear(byte[] body) {
    if (body.length == 0) {
      return; // nothing new
    }
    GroupState heard = StateCodec.decodeGroup(body);
    if (step == Step.HELLO) {
      accepted = asked;
      state = null;
      nextBeatMillis = ticker.millis() + BEAT_MILLIS;
    }
    GroupState known = state;
    if (known == null || heard.version() >= known.version()) {
      state = heard;
      role.heard(heard);
    }
  }

  private void refused(Answer answer) {
    Reason reason = reason(GroupRefusedHeader.FIELDS.read(answer.fields()).reason());
    String why = String.valueOf(answer.remark());
    if ((step == Step.HELLO || step == Step.BEAT) && reason != null && FINAL.contains(reason)) {
      isOver = true;
      role.isRefused(why);
      return;
    }
    complain("the controller refuses: " + why);
    if (step != Step.HELLO) {
      hear(answer.body());
    } else {
      pause();
    }
  }

  // Null for one of a newer version.
  private static @Nullable Reason reason(String name) {
    for (Reason reason : Reason.values()) {
      if (reason.name().equals(name)) {
        return reason;
      }
    }
    return null;
  }

  private void startAgain(String why) {
    complain(why);
    greeted = null;
    isProven = false;
    controller = (controller + 1) % controllers.size();
    pause();
  }

  private void pause() {
    nextMillis = ticker.millis() + pauseMillis;
    pauseMillis = Math.min(2 * pauseMillis, MOST_PAUSE_MILLIS);
  }

  private void complain(String why) {
    if (!why.equals(complaint)) {
      complaint = why;
      LOG.warn("{}; it is tried again", why);
    }
  }

  @Override
  public boolean hasWork() {
    return outcome.get() != null;
  }

  @Override
  public long nextMillis() {
    return isAsking || isOver ? Long.MAX_VALUE : nextMillis;
  }
}
