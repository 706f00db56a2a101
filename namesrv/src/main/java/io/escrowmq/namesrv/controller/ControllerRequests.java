package io.escrowmq.namesrv.controller;

import static io.escrowmq.remoting.RequestTable.on;

import io.escrowmq.namesrv.controller.ControllerRequest.Beat;
import io.escrowmq.namesrv.controller.ControllerRequest.Election;
import io.escrowmq.namesrv.controller.ControllerRequest.Order;
import io.escrowmq.namesrv.controller.ControllerRequest.UncleanElection;
import io.escrowmq.remoting.Body;
import io.escrowmq.remoting.Call;
import io.escrowmq.remoting.Fields;
import io.escrowmq.remoting.HeaderReader;
import io.escrowmq.remoting.Permission;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.RequestTable;
import io.escrowmq.remoting.WireHeader;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.header.ElectLeaderHeader;
import io.escrowmq.remoting.header.GreetReplicaHeader;
import io.escrowmq.remoting.header.GreetReplicaResponseHeader;
import io.escrowmq.remoting.header.GroupRefusedHeader;
import io.escrowmq.remoting.header.ProveReplicaHeader;
import io.escrowmq.remoting.header.ReplicaHeartbeatHeader;
import io.escrowmq.remoting.secret.Greetings;
import io.escrowmq.replication.Command;
import io.escrowmq.replication.Command.AlterInSync;
import io.escrowmq.replication.Command.Cause;
import io.escrowmq.replication.Command.Hello;
import io.escrowmq.replication.Command.Remove;
import io.escrowmq.replication.Command.SetMinInSync;
import io.escrowmq.replication.CommandCodec;
import io.escrowmq.replication.GroupState;
import io.escrowmq.replication.Incarnation;
import io.escrowmq.replication.LogEnd;
import io.escrowmq.replication.StateCodec;
import io.escrowmq.replication.StateFormatException;

/**
 * What replicas and operators ask a controller. A connection has to prove first that it knows the replicas' secret;
 * whatever it sends is judged all the same. Runs on the event loops.
 */
public final class ControllerRequests {

  private final ControllerLoop loop;
  private final Greetings greetings;

  public ControllerRequests(ControllerLoop loop, Greetings greetings) {
    this.loop = loop;
    this.greetings = greetings;
  }

  public RequestTable table() {
    return RequestTable.of(
        on(RequestCode.GREET_REPLICA, GreetReplicaHeader.FIELDS, Permission.SERVE, this::greet),
        on(RequestCode.PROVE_REPLICA, ProveReplicaHeader.FIELDS, Permission.SERVE, this::prove),
        command(RequestCode.HELLO_CONTROLLER, Permission.SERVE, Hello.class),
        command(RequestCode.ALTER_IN_SYNC, Permission.SERVE, AlterInSync.class),
        command(RequestCode.SET_GROUP, Permission.MANAGE, SetMinInSync.class),
        command(RequestCode.REMOVE_REPLICA, Permission.MANAGE, Remove.class),
        on(
            RequestCode.HEARTBEAT_CONTROLLER,
            ReplicaHeartbeatHeader.FIELDS,
            Permission.SERVE,
            this::beat),
        on(RequestCode.ELECT_LEADER, ElectLeaderHeader.FIELDS, Permission.SERVE, this::elect),
        on(RequestCode.GET_GROUP_STATES, HeaderReader.RAW, Permission.INSPECT, this::states));
  }

  private RequestTable.Entry<Fields> command(
      RequestCode code, Permission permission, Class<? extends Command> kind) {
    return on(code, HeaderReader.RAW, permission, (call, none) -> order(call, kind));
  }

  private void greet(Call call, GreetReplicaHeader greeting) {
    GreetReplicaResponseHeader answer = greetings.greet(call.connection(), greeting);
    call.reply(
        answer == null ? unknown("a challenge has 32 hexadecimal digits") : Reply.ok(answer));
  }

  private void prove(Call call, ProveReplicaHeader proof) {
    call.reply(
        greetings.prove(call.connection(), proof)
            ? Reply.ok()
            : unknown("the secret is not that of this controller; compare the secret files"));
  }

  private void order(Call call, Class<? extends Command> kind) {
    if (isUnknown(call)) {
      return;
    }
    int length = call.body().remaining();
    if (length > CommandCodec.MOST_BYTES) {
      call.reply(bad(
          "a command of " + length + " bytes; at most " + CommandCodec.MOST_BYTES + " are read"));
      return;
    }
    try {
      Command command = CommandCodec.decode(call.bodyBytes());
      if (kind.isInstance(command)) {
        submit(call, new Order(command));
      } else {
        call.reply(bad("the body of this request is a " + kind.getSimpleName() + ", not a "
            + command.getClass().getSimpleName()));
      }
    } catch (StateFormatException e) {
      call.reply(bad(String.valueOf(e.getMessage())));
    }
  }

  private void beat(Call call, ReplicaHeartbeatHeader beat) {
    if (isUnknown(call)) {
      return;
    }
    try {
      submit(
          call,
          new Beat(
              beat.brokerName(),
              new Incarnation(beat.replica(), beat.incarnation()),
              new LogEnd(beat.lastEpoch(), beat.end()),
              beat.version()));
    } catch (IllegalArgumentException e) {
      call.reply(bad(String.valueOf(e.getMessage())));
    }
  }

  private void elect(Call call, ElectLeaderHeader elect) {
    if (isUnknown(call)) {
      return;
    }
    submit(
        call,
        elect.acceptedLoss().isEmpty()
            ? new Election(
                elect.brokerName(),
                elect.epoch(),
                elect.isHandOver() ? Cause.HAND_OVER : Cause.OPERATOR,
                elect.to())
            : new UncleanElection(elect.brokerName(), elect.to(), elect.acceptedLoss()));
  }

  private void states(Call call, Fields none) {
    if (!isUnknown(call)) {
      call.reply(Reply.ok(StateCodec.encode(loop.book())));
    }
  }

  private boolean isUnknown(Call call) {
    boolean isProven = greetings.isProven(call.connection());
    if (!isProven) {
      call.reply(unknown("a connection has to prove first that it knows the replicas' secret"));
    }
    return !isProven;
  }

  private void submit(Call call, ControllerRequest request) {
    if (!loop.submit(request, answer -> call.reply(reply(answer)))) {
      call.reply(Reply.refused(
          ResponseCode.SYSTEM_BUSY, "too many requests wait for the controller; try again"));
    }
  }

  private static Reply reply(ControllerAnswer answer) {
    if (answer instanceof ControllerAnswer.Now now) {
      return Reply.ok(StateCodec.encode(now.state()));
    }
    if (answer instanceof ControllerAnswer.Refused refused) {
      GroupState state = refused.state();
      WireHeader why = new GroupRefusedHeader(refused.refusal().reason().name());
      return new Reply(
          ResponseCode.GROUP_REFUSED,
          refused.refusal().text(),
          why,
          state == null ? Body.EMPTY : Body.of(StateCodec.encode(state)));
    }
    return answer instanceof ControllerAnswer.Failed failed ? bad(failed.why()) : Reply.ok();
  }

  private static Reply unknown(String why) {
    return Reply.refused(ResponseCode.REPLICA_UNKNOWN, why);
  }

  private static Reply bad(String why) {
    return Reply.refused(ResponseCode.SYSTEM_ERROR, why);
  }
}
