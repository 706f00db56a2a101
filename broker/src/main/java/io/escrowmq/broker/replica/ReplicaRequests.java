package io.escrowmq.broker.replica;

import io.escrowmq.remoting.Call;
import io.escrowmq.remoting.Connection;
import io.escrowmq.remoting.Permission;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.RequestTable;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.header.FetchLogHeader;
import io.escrowmq.remoting.header.GreetReplicaHeader;
import io.escrowmq.remoting.header.GreetReplicaResponseHeader;
import io.escrowmq.remoting.header.ProveReplicaHeader;
import io.escrowmq.remoting.header.ProveReplicaResponseHeader;
import io.escrowmq.remoting.secret.Greetings;
import io.escrowmq.remoting.secret.ReplicaSecret;
import io.escrowmq.remoting.secret.ReplicaSecret.Side;
import io.escrowmq.replication.Incarnation;
import io.escrowmq.runtime.Surroundings;
import io.escrowmq.store.CommitLog;
import io.escrowmq.store.LogCopy;
import io.escrowmq.store.StorageException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What followers ask a leader. It believes nothing: a connection must prove that it is a replica's, a log must be
 * the beginning of this one. Runs on the event loops of the replication port.
 */
final class ReplicaRequests {

  private static final Logger LOG = LoggerFactory.getLogger(ReplicaRequests.class);

  /** The largest part of the log in one answer, unless one record is longer. */
  static final int MOST_BYTES = 16 << 20;

  private static final int MOST_WAIT_MILLIS = 5_000;

  private final String group;
  private final Greetings greetings;
  private final Supplier<@Nullable LedLog> log;
  private final WaitingFetches fetches;
  private final Map<Connection, Peer> peers = new ConcurrentHashMap<>();

  /** @param log the one that is led now; null while there is none */
  ReplicaRequests(
      String group,
      ReplicaSecret secret,
      Surroundings surroundings,
      Supplier<@Nullable LedLog> log,
      WaitingFetches fetches) {
    this.group = group;
    this.greetings = new Greetings(secret, surroundings.chance(), Side.LEADER, Side.FOLLOWER);
    this.log = log;
    this.fetches = fetches;
  }

  RequestTable table() {
    return RequestTable.of(
        RequestTable.on(
            RequestCode.GREET_REPLICA, GreetReplicaHeader.FIELDS, Permission.SERVE, this::greet),
        RequestTable.on(
            RequestCode.PROVE_REPLICA, ProveReplicaHeader.FIELDS, Permission.SERVE, this::prove),
        RequestTable.on(
            RequestCode.FETCH_LOG, FetchLogHeader.FIELDS, Permission.SERVE, this::fetch));
  }

  private void greet(Call call, GreetReplicaHeader greeting) {
    if (!greeting.brokerName().equals(group)) {
      call.reply(Replies.unknown("this is the log of broker \"" + group
          + "\", not of the one that was asked for; check broker.name of the follower"));
      return;
    }
    if (greeting.replica() < 1 || greeting.replica() > FollowerSettings.MOST_REPLICA) {
      call.reply(Replies.unknown("a replica's number is 1 to " + FollowerSettings.MOST_REPLICA
          + ", not " + greeting.replica()));
      return;
    }
    GreetReplicaResponseHeader answer = greetings.greet(call.connection(), greeting);
    call.reply(
        answer == null
            ? Replies.unknown("a challenge has 32 hexadecimal digits")
            : Reply.ok(answer));
  }

  private void prove(Call call, ProveReplicaHeader header) {
    Connection connection = call.connection();
    LedLog led = log.get();
    if (led == null) {
      call.reply(Replies.notOpen());
      return;
    }
    if (!greetings.prove(connection, header)) {
      call.reply(Replies.unknown(
          "the follower does not know the secret of this leader; compare replication.secret-file"));
      return;
    }
    Peer peer =
        new Peer(new Incarnation(greetings.replica(connection), Math.max(1, header.incarnation())));
    forgetEarlier(peer.replica(), connection);
    if (peers.put(connection, peer) == null) {
      connection.onClose(() -> isGone(connection));
    }
    CommitLog its = led.log();
    call.reply(Reply.ok(new ProveReplicaResponseHeader(its.epoch(), its.copy().secret())));
  }

  private void isGone(Connection connection) {
    Peer peer = peers.remove(connection);
    LedLog led = log.get();
    if (peer != null && led != null) {
      led.count().isGone(peer.incarnation());
    }
  }

  // What it said over an earlier connection may come later, and be of a log that it does not have
  // any more.
  private void forgetEarlier(int replica, Connection connection) {
    peers.forEach((earlier, peer) -> {
      if (peer.replica() == replica && !earlier.equals(connection)) {
        peers.remove(earlier);
        earlier.close();
        LOG.info(
            "replica {} comes over another connection, from {}; the one from {} is closed",
            replica,
            connection.remoteAddress(),
            earlier.remoteAddress());
      }
    });
  }

  private void fetch(Call call, FetchLogHeader fetch) {
    Peer peer = peers.get(call.connection());
    LedLog led = log.get();
    if (peer == null
        || !greetings.isProven(call.connection())
        || led == null
        || led.log().epoch() != fetch.epoch()) {
      call.reply(
          Replies.unknown("a follower has to prove who it is, for each connection and epoch"));
      return;
    }
    if (peer.isWaiting()) {
      call.reply(Replies.waitsAlready());
      return;
    }
    try {
      Reply refusal = refusal(peer, fetch, led.log());
      if (refusal != null) {
        call.reply(refusal);
        return;
      }
    } catch (StorageException e) {
      call.reply(Replies.unreadable(fetch.from(), e));
      return;
    }
    if (fetch.safe() > fetch.from() || fetch.safe() < 0) {
      call.reply(Replies.vouchesForTooMuch(fetch));
      return;
    }
    led.count().asks(peer.incarnation(), fetch.from(), fetch.safe());
    fetches.answer(call, peer, bounded(fetch), led.log());
  }

  private static FetchLogHeader bounded(FetchLogHeader fetch) {
    return new FetchLogHeader(
        fetch.epoch(),
        fetch.from(),
        fetch.lastEpoch(),
        fetch.safe(),
        Math.max(1, Math.min(fetch.mostBytes(), MOST_BYTES)),
        Math.min(fetch.waitMillis(), MOST_WAIT_MILLIS));
  }

  // Once a connection: records are looked at one by one.
  private static @Nullable Reply refusal(Peer peer, FetchLogHeader fetch, CommitLog led) {
    if (fetch.from() < led.start()) {
      return Replies.gone(fetch.from(), led.start());
    }
    if (peer.agrees() && fetch.from() <= led.written()) {
      return null;
    }
    LogCopy copy = led.copy();
    boolean agrees = fetch.lastEpoch() == 0
        ? fetch.from() == led.start()
        : fetch.from() <= led.written()
            && copy.epochBefore(fetch.from()) == fetch.lastEpoch()
            && copy.epochEnd(fetch.lastEpoch()) >= fetch.from();
    peer.found(agrees);
    if (agrees) {
      return null;
    }
    long end = copy.epochEnd(fetch.lastEpoch());
    int epoch = copy.epochBefore(end);
    return Replies.diverged(fetch, epoch, end);
  }
}
