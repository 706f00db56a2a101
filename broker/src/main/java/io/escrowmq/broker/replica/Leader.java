package io.escrowmq.broker.replica;

import io.escrowmq.remoting.Answer;
import io.escrowmq.remoting.RemotingClient;
import io.escrowmq.remoting.Request;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.header.FetchLogHeader;
import io.escrowmq.remoting.header.GreetReplicaResponseHeader;
import io.escrowmq.remoting.secret.Introduction;
import io.escrowmq.remoting.secret.ReplicaSecret.Side;
import io.escrowmq.runtime.Chance;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** What a follower asks its leader. Owner: the follower's loop. */
final class Leader {

  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  /** How long a leader may wait until there is something to copy. */
  static final int WAIT_MILLIS = 500;

  private final String address;
  private final long incarnation;
  private final int leastEpoch;
  private final RemotingClient client;
  private final Introduction introduction;

  Leader(FollowerSettings settings, RemotingClient client, Chance chance) {
    this.address = settings.leader();
    this.incarnation = settings.self().number();
    this.leastEpoch = settings.leastEpoch();
    this.client = client;
    this.introduction = new Introduction(
        settings.secret(),
        chance,
        Side.FOLLOWER,
        Side.LEADER,
        settings.group(),
        settings.self().replica());
  }

  CompletionStage<Answer> greet() {
    return client.call(address, introduction.greet(), TIMEOUT);
  }

  /** Whether the answer to the greeting comes from somebody who knows the secret. */
  boolean isProven(GreetReplicaResponseHeader answer) {
    return introduction.isProven(answer);
  }

  CompletionStage<Answer> prove(GreetReplicaResponseHeader answer) {
    return client.call(address, introduction.prove(answer, incarnation), TIMEOUT);
  }

  /** Whether it was deposed, as far as the follower knows. */
  boolean isOver(int epoch) {
    return epoch < leastEpoch;
  }

  CompletionStage<Answer> fetch(int epoch, CopiedLog log, int mostBytes) {
    return client.call(
        address,
        Request.of(
            RequestCode.FETCH_LOG,
            new FetchLogHeader(
                epoch, log.end(), log.lastEpoch(), log.safe(), mostBytes, WAIT_MILLIS)),
        TIMEOUT);
  }
}
