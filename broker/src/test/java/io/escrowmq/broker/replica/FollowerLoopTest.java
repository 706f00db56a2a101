package io.escrowmq.broker.replica;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.broker.core.ManualClock;
import io.escrowmq.remoting.Answer;
import io.escrowmq.remoting.FakeConnection;
import io.escrowmq.remoting.MapFields;
import io.escrowmq.remoting.Request;
import io.escrowmq.remoting.WireHeader;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.header.GreetReplicaHeader;
import io.escrowmq.remoting.header.ProveReplicaHeader;
import io.escrowmq.remoting.secret.ReplicaSecret;
import io.escrowmq.runtime.Chance;
import io.escrowmq.store.CommitLog;
import io.escrowmq.store.FlushMode;
import io.escrowmq.store.LogSettings;
import io.escrowmq.store.Payloads;
import io.escrowmq.store.RecordKind;
import io.escrowmq.store.SimulatedFileSystem;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A follower whose leader says what no leader should: it neither spins nor stands still, and keeps a true copy. */
class FollowerLoopTest {

  private static final String GROUP = "broker-a";
  private static final Path LED = Path.of("/led/log");
  private static final Path DIRECTORY = Path.of("/copied");
  private static final LogSettings SETTINGS = new LogSettings(64 * 1024, 0, FlushMode.SYNC);
  private static final ReplicaSecret SECRET =
      new ReplicaSecret("a secret of these two".getBytes(US_ASCII));

  private final SimulatedFileSystem ledFiles = new SimulatedFileSystem(1);
  private final SimulatedFileSystem files = new SimulatedFileSystem(2);
  private final ManualClock clock = new ManualClock(1_000_000);
  private final List<String> ended = new ArrayList<>();
  private final CommitLog led = CommitLog.open(ledFiles, LED, SETTINGS, 0, clock, () -> 4711);
  private Random random = new Random(1);
  private final Chance chance = new Chance() {
    @Override
    public long next() {
      return random.nextLong();
    }

    @Override
    public long secret() {
      return random.nextLong();
    }
  };
  private final LeaderOfTests leader = new LeaderOfTests(GROUP, SECRET, clock, chance, led);
  private final PlainCopy copy = new PlainCopy(files, DIRECTORY.resolve("log"), SETTINGS, clock);
  private final FollowerLoop follower = new FollowerLoop(
      new Leader(new FollowerSettings("leader:1", GROUP, 1, SECRET), leader, chance),
      copy,
      clock.ticker(),
      () -> {},
      ended::add);

  static LongStream seeds() {
    return LongStream.rangeClosed(1, 60);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void shouldKeepATrueCopyWhateverTheLeaderSays(long seed) {
    // given
    random = new Random(seed);
    leader.changing(answer -> random.nextInt(4) == 0 ? changed(answer) : answer);

    // when
    for (int round = 0; round < 20; round++) {
      append(random.nextInt(30));
      int before = leader.asked();
      pass(1_000);
      if (random.nextInt(5) == 0) {
        leader.connectAnew();
      }

      // then
      assertThat(leader.asked() - before)
          .as("seed %s: asked within a second", seed)
          .isLessThan(120);
      assertThat(leader.committed())
          .as("seed %s: committed", seed)
          .isLessThanOrEqualTo(copy.copied());
    }

    // when
    leader.changing(answer -> answer);
    pass(5_000);

    // then
    if (ended.isEmpty()) {
      assertThat(copy.end()).as("seed %s", seed).isEqualTo(led.written());
    }
    assertThat(ended).as("seed %s", seed).hasSizeLessThan(2);
    assertThat(Collections.indexOfSubList(records(led), copied()))
        .as("seed %s: what is copied is a part of the leader's log", seed)
        .isNotNegative();
  }

  @Test
  void shouldAskOnlyTwiceASecondALeaderThatGivesNothingAtOnce() {
    // given
    append(10);
    pass(100);

    // when
    leader.changing(answer -> new Answer(0, 513, null, answer.fields(), new byte[0]));
    append(10);
    int before = leader.asked();
    for (int i = 0; i < 10; i++) {
      append(1); // so that the leader answers at once
      pass(1_000);
    }

    // then
    assertThat(leader.asked() - before).isBetween(15, 25);
    assertThat(ended).isEmpty();
  }

  @Test
  void shouldEndWhenTheLeaderHasSomethingElseAndDoesNotSayWhere() {
    // given
    append(10);
    pass(100);
    MapFields nowhere = new MapFields();
    nowhere.put("epoch", led.epoch());
    nowhere.put("end", led.written());
    leader.changing(answer ->
        new Answer(ResponseCode.LOG_DIVERGED.number(), 513, "differs", nowhere, new byte[0]));

    // when
    pass(2_000);

    // then
    assertThat(ended).singleElement().asString().contains("does not say where", "differs");
    assertThat(copied()).isEqualTo(records(led));
  }

  @Test
  void shouldNotCutInsideARecord() {
    // given
    append(10);
    pass(100);
    MapFields inside = new MapFields();
    inside.put("epoch", led.epoch());
    inside.put("end", led.written() - 8);
    leader.changing(answer ->
        new Answer(ResponseCode.LOG_DIVERGED.number(), 513, "differs", inside, new byte[0]));

    // when
    pass(500);
    leader.changing(answer -> answer);
    append(1);
    pass(3_000);

    // then
    assertThat(ended).isEmpty();
    assertThat(copied()).isEqualTo(records(led));
  }

  @Test
  void shouldGoOnWhenTheDiskHasRoomAgainAndEndWhenItFailed() {
    // given
    append(10);
    pass(100);

    // when
    files.capacity(files.usedBytes());
    append(2_000);
    pass(3_000);
    assertThat(ended).isEmpty();
    files.capacity(1L << 30);
    pass(3_000);

    // then
    assertThat(copy.end()).isEqualTo(led.written());

    // when
    files.failSync(1);
    append(10);
    pass(3_000);

    // then
    assertThat(ended).singleElement().asString().contains("cannot go on");
  }

  @Test
  void shouldLeaveNothingOfAStrangerThatTriesAgainAndAgain() {
    // when
    for (int i = 0; i < 100; i++) {
      GreetReplicaHeader greeting = new GreetReplicaHeader(GROUP, 1, "0".repeat(32));
      ask(RequestCode.GREET_REPLICA, greeting);
      Answer refused = ask(RequestCode.PROVE_REPLICA, new ProveReplicaHeader("00"));
      assertThat(refused.code()).isEqualTo(ResponseCode.REPLICA_UNKNOWN.number());
    }

    // then
    assertThat(leader.connection().watchers()).isEqualTo(1);
  }

  @Test
  void shouldTakeOneProofForAChallenge() {
    // given
    GreetReplicaHeader greeting = new GreetReplicaHeader(GROUP, 1, "0".repeat(32));
    Answer greeted = ask(RequestCode.GREET_REPLICA, greeting);
    String proof = SECRET.proof(
        ReplicaSecret.Side.FOLLOWER,
        new ReplicaSecret.Challenges(
            GROUP, 1, "0".repeat(32), greeted.fields().requiredText("challenge")));

    // when
    Answer first = ask(RequestCode.PROVE_REPLICA, new ProveReplicaHeader(proof));
    Answer second = ask(RequestCode.PROVE_REPLICA, new ProveReplicaHeader(proof));

    // then
    assertThat(first.isOk()).isTrue();
    assertThat(second.code()).isEqualTo(ResponseCode.REPLICA_UNKNOWN.number());
  }

  @Test
  void shouldNotCountWhatAReplicaSaysOverAnEarlierConnection() {
    // given
    append(10);
    pass(100);
    FakeConnection earlier = leader.connection();
    leader.connectBeside();

    // when: another process has the same number
    GreetReplicaHeader greeting = new GreetReplicaHeader(GROUP, 1, "0".repeat(32));
    Answer greeted = ask(RequestCode.GREET_REPLICA, greeting);
    String proof = SECRET.proof(
        ReplicaSecret.Side.FOLLOWER,
        new ReplicaSecret.Challenges(
            GROUP, 1, "0".repeat(32), greeted.fields().requiredText("challenge")));
    assertThat(ask(RequestCode.PROVE_REPLICA, new ProveReplicaHeader(proof)).isOk())
        .isTrue();

    // then
    assertThat(earlier.isOpen()).isFalse();
    assertThat(leader.connection().isOpen()).isTrue();
  }

  private Answer ask(RequestCode code, WireHeader header) {
    CompletionStage<Answer> answer = leader.call("", Request.of(code, header), Duration.ZERO);
    leader.turn();
    return answer.toCompletableFuture().join();
  }

  // Both sides have their turns, a thousand times a second at most.
  private void pass(long millis) {
    for (long i = 0; i < millis; i++) {
      clock.advance(1);
      leader.turn();
      for (int turns = 0; turns < 100 && isDue(); turns++) {
        follower.turn();
        leader.turn();
      }
    }
  }

  private boolean isDue() {
    return follower.hasWork() || follower.nextMillis() <= clock.ticker().millis();
  }

  private void append(int times) {
    for (int i = 0; i < times; i++) {
      int length = 1 + random.nextInt(3_000);
      if (led.room().forMessage(length)) { // opens the next segment
        led.append(RecordKind.MESSAGE, 0, length, Payloads.of(new byte[length]));
      }
    }
    led.write();
  }

  // Another answer of the same kind, or of another one.
  private Answer changed(Answer answer) {
    MapFields fields = new MapFields();
    answer.fields().toMap().forEach(fields::put);
    byte[] body = answer.body();
    switch (random.nextInt(7)) {
      case 0 -> body = new byte[0];
      case 1 -> body = Arrays.copyOf(body, random.nextInt(body.length + 1));
      case 2 -> {
        if (body.length > 0) {
          int at = random.nextInt(body.length);
          body[at] ^= (byte) (1 << random.nextInt(8));
        }
      }
      case 3 ->
        answer.fields().toMap().keySet().stream()
            .sorted()
            .skip(random.nextInt(1 + answer.fields().toMap().size()))
            .findFirst()
            .ifPresent(name -> fields.put(name, String.valueOf(random.nextLong())));
      case 4 -> fields.put("at", String.valueOf(random.nextInt(1 << 20)));
      case 5 -> {
        fields.put("epoch", random.nextInt(3)).put("end", random.nextInt(1 << 20));
        int code = random.nextInt(2) == 0 ? random.nextInt(500) : 30_101 + random.nextInt(2);
        return new Answer(code, 513, "a code by chance", fields, body);
      }
      default -> {
        return new Answer(
            0, 513, null, new MapFields(), ByteBuffer.allocate(100).array());
      }
    }
    return new Answer(answer.code(), 513, answer.remark(), fields, body);
  }

  // What is in the copy's directory, once nobody follows any more.
  private List<Integer> copied() {
    copy.close();
    try (CommitLog found =
        CommitLog.openCopy(files, DIRECTORY.resolve("log"), SETTINGS, 0, clock, () -> 4711)) {
      return records(found);
    }
  }

  private static List<Integer> records(CommitLog log) {
    List<Integer> found = new ArrayList<>();
    log.scan(
        record -> found.add(Objects.hash(record.position(), record.epoch(), record.payload())));
    return found;
  }
}
