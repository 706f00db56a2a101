package io.escrowmq.broker.replica;

import io.escrowmq.remoting.Answer;
import io.escrowmq.remoting.RemotingClient;
import io.escrowmq.remoting.Request;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.header.FetchLogHeader;
import io.escrowmq.remoting.header.GreetReplicaHeader;
import io.escrowmq.remoting.header.GreetReplicaResponseHeader;
import io.escrowmq.remoting.header.ProveReplicaHeader;
import io.escrowmq.remoting.secret.Challenge;
import io.escrowmq.remoting.secret.ReplicaSecret.Challenges;
import io.escrowmq.remoting.secret.ReplicaSecret.Side;
import io.escrowmq.runtime.Chance;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** What a follower asks its leader. Owner: the follower's loop. */
final class Leader {

  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  /** How long a leader may wait until there is something to copy. */
  static final int WAIT_MILLIS = 500;

  private final FollowerSettings settings;
  private final RemotingClient client;
  private final Chance chance;
  private String challenge = "";

  Leader(FollowerSettings settings, RemotingClient client, Chance chance) {
    this.settings = settings;
    this.client = client;
    this.chance = chance;
  }

  CompletionStage<Answer> greet() {
    challenge = Challenge.next(chance);
    return client.call(
        settings.leader(),
        Request.of(
            RequestCode.GREET_REPLICA,
            new GreetReplicaHeader(settings.group(), settings.replica(), challenge)),
        TIMEOUT);
  }

  /** Whether the answer to the greeting comes from somebody who knows the secret. */
  boolean isProven(GreetReplicaResponseHeader answer) {
    return settings.secret().isProof(answer.proof(), Side.LEADER, challenges(answer));
  }

  CompletionStage<Answer> prove(GreetReplicaResponseHeader answer) {
    return client.call(
        settings.leader(),
        Request.of(
            RequestCode.PROVE_REPLICA,
            new ProveReplicaHeader(settings.secret().proof(Side.FOLLOWER, challenges(answer)))),
        TIMEOUT);
  }

  private Challenges challenges(GreetReplicaResponseHeader answer) {
    return new Challenges(settings.group(), settings.replica(), challenge, answer.challenge());
  }

  CompletionStage<Answer> fetch(int epoch, CopiedLog log, int mostBytes) {
    return client.call(
        settings.leader(),
        Request.of(
            RequestCode.FETCH_LOG,
            new FetchLogHeader(
                epoch, log.end(), log.lastEpoch(), log.safe(), mostBytes, WAIT_MILLIS)),
        TIMEOUT);
  }
}
