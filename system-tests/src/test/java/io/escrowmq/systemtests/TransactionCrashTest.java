package io.escrowmq.systemtests;

import static io.escrowmq.systemtests.Patience.within;
import static io.escrowmq.systemtests.TransactionalSends.NOT_BEFORE_SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.systemtests.driver.Answer;
import io.escrowmq.systemtests.driver.CheckScript;
import io.escrowmq.systemtests.driver.LocalOutcome;
import io.escrowmq.systemtests.driver.OutgoingMessage;
import io.escrowmq.systemtests.driver.TransactionCheck;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The broker is killed (-9) between a half-message and its decision, between a decision and its acknowledgement,
 * between that and the consumer. Nothing is lost, nothing decided twice, nothing visible twice.
 */
@ParameterizedClass(name = "{0}, flush {1}")
@CsvSource({"V5_5_0_BINARY, async", "V4_9_8_JSON, sync"})
@SystemTest
@ResourceLock(TestBed.OWN_SERVERS_FOR_TRANSACTIONS)
@EnabledIfSystemProperty(named = "systemtests.target", matches = "escrowmq")
final class TransactionCrashTest {

  private static final int QUEUES = 4;
  private static final int COMMITS = 5000;
  private static final int OPEN = 10_000;

  private final ServerProcess server;
  private final Clients clients;

  /** A consumer of 4.9 notices a kill after half a minute only, for which RestartTest waits. */
  private final Clients consumers;

  private final TransactionRequests requests;
  private final TransactionalSends sends;

  TransactionCrashTest(ClientKind kind, String flush, TestBed bed) {
    // small segments, so that half-messages and their decisions lie in different ones
    server = bed.startBoth(
        "tx-killed",
        Map.of(
            "store.flush", flush,
            "store.segment-bytes", "1048576",
            "message.max-bytes", "65536",
            "tx.first-check", "2s",
            "tx.check-every", "2s"));
    clients = bed.clients(kind, server);
    consumers = bed.clients(ClientKind.V5_5_0_BINARY, server);
    requests = new TransactionRequests(clients);
    sends = new TransactionalSends(clients);
  }

  @AfterEach
  void end() {
    consumers.close();
    clients.close();
    server.close();
  }

  @Test
  void shouldAskAfterAKillAboutWhatWasUndecided() {
    // given
    String topic = clients.freshTopic(1);
    Audience audience = new Audience(consumers, topic);
    String group = clients.freshGroup();
    String producer = clients.transacting(
        group,
        CheckScript.always(LocalOutcome.COMMIT)
            .but("undecided, no", LocalOutcome.ROLLBACK)
            .but("decided, no", LocalOutcome.ROLLBACK));
    sends.unknown(producer, OutgoingMessage.to(topic, "undecided, yes"));
    sends.unknown(producer, OutgoingMessage.to(topic, "undecided, no"));
    sends.send(producer, OutgoingMessage.to(topic, "decided, yes"), LocalOutcome.COMMIT);
    sends.send(producer, OutgoingMessage.to(topic, "decided, no"), LocalOutcome.ROLLBACK);

    // when
    killAndStart();

    // then
    awaitAllDecided(group);
    audience.sawAtLeastOnceOnly("undecided, yes", "decided, yes");
    assertThat(new StoredQueues(clients, topic, 1).bodies())
        .filteredOn(body -> body.endsWith("yes"))
        .containsExactlyInAnyOrder("undecided, yes", "decided, yes");
  }

  @Test
  void shouldKeepDecisionsThatWereAcknowledgedAndAnswerForThemAfterAKill() {
    // given
    String topic = clients.freshTopic(1);
    Audience audience = new Audience(consumers, topic);
    String group = clients.freshGroup();
    // nobody is asked during the test: what becomes visible is what was acknowledged
    String producer = clients.transacting(group, CheckScript.always(LocalOutcome.UNKNOWN));
    long early = sends.undecided(producer, topic, "early");
    long late = sends.undecided(producer, topic, "late");
    long never = sends.undecided(producer, topic, "never");
    Answer acknowledged = requests.end(group, early, TransactionRequests.COMMIT);

    // when
    killAndStart();
    Answer again = repeatedly(() -> requests.end(group, early, TransactionRequests.COMMIT));
    Answer contrary = requests.end(group, early, TransactionRequests.ROLLBACK);
    Answer afterwards = requests.end(group, late, TransactionRequests.COMMIT);
    Answer rolledBack = requests.end(group, never, TransactionRequests.ROLLBACK);
    killAndStart();
    Answer contraryAgain = repeatedly(() -> requests.end(group, never, TransactionRequests.COMMIT));

    // then
    assertThat(List.of(acknowledged.code(), again.code(), afterwards.code(), rolledBack.code()))
        .containsOnly(TransactionRequests.DONE);
    assertThat(again.fields())
        .containsEntry("again", "true")
        .containsEntry("verdict", "COMMIT")
        .containsEntry("decidedBy", "PRODUCER")
        .containsEntry("decidedMillis", acknowledged.fields().get("decidedMillis"));
    assertThat(contrary.code()).isEqualTo(TransactionRequests.TRANSACTION_DECIDED_OTHERWISE);
    assertThat(contrary.fields()).containsEntry("verdict", "COMMIT");
    assertThat(contraryAgain.code()).isEqualTo(TransactionRequests.TRANSACTION_DECIDED_OTHERWISE);
    assertThat(contraryAgain.fields()).containsEntry("verdict", "ROLLBACK");
    audience.sawAtLeastOnceOnly("early", "late");
    assertThat(new StoredQueues(clients, topic, 1).bodies()).startsWith("early", "late");
    assertThat(clients.driver().checkCount(producer)).isZero();
  }

  @Test
  void shouldShowEveryCommittedMessageOnceAfterAKill() {
    // given
    String topic = clients.freshTopic(QUEUES);
    String group = clients.freshGroup();
    String producer = clients.transacting(group, CheckScript.always(LocalOutcome.COMMIT));

    // when
    clients.driver().sendAllInTransaction(producer, numbered(topic, COMMITS), LocalOutcome.COMMIT);
    killAndStart();

    // then
    awaitAllDecided(group);
    List<String> first = storedBodies(topic, COMMITS);
    killAndStart();
    List<String> second = storedBodies(topic, COMMITS);
    assertThat(sorted(first)).isEqualTo(sorted(numbers(COMMITS)));
    assertThat(second).as("in the same places after another kill").isEqualTo(first);
  }

  @Test
  void shouldLoseNothingAndShowNothingTwiceWhenKilledWhileManyCommit() {
    // given
    String topic = clients.freshTopic(QUEUES);
    String group = clients.freshGroup();
    String producer = clients.transacting(group, CheckScript.always(LocalOutcome.COMMIT));
    CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> clients
        .driver()
        .sendAllInTransaction(producer, numbered(topic, COMMITS), LocalOutcome.COMMIT));
    within(60).until(() -> clients.driver().localTransactions(producer).size() >= COMMITS / 5);

    // when
    killAndStart();

    // then: those under way at that moment have failed, and perhaps are there all the same
    assertThat(sending).failsWithin(Duration.ofSeconds(60));
    awaitAllDecided(group);
    List<String> stored = storedBodies(topic, 0);
    assertThat(stored).doesNotHaveDuplicates();
    assertThat(stored).containsAll(clients.driver().localTransactions(producer));
  }

  @Test
  void shouldAskAboutEachOfManyOpenTransactionsAfterAKillAndDecideItOnce() {
    // given
    String topic = clients.freshTopic(QUEUES);
    String group = clients.freshGroup();
    String producer = clients.transacting(group, CheckScript.always(LocalOutcome.UNKNOWN));
    List<OutgoingMessage> messages = numbered(topic, OPEN).stream()
        .map(message -> message.with(NOT_BEFORE_SECONDS, "5"))
        .toList();
    clients
        .driver()
        .sendAllInTransaction(producer, new ArrayList<>(messages), LocalOutcome.UNKNOWN);
    Map<String, LocalOutcome> oddOnes = new HashMap<>();
    List<String> evenOnes = new ArrayList<>();
    for (int i = 0; i < OPEN; i++) {
      if (i % 2 == 0) {
        evenOnes.add(Integer.toString(i));
      } else {
        oddOnes.put(Integer.toString(i), LocalOutcome.ROLLBACK);
      }
    }

    // when
    server.kill();
    clients.driver().answerChecks(producer, new CheckScript(LocalOutcome.COMMIT, oddOnes));
    server.start();

    // then
    awaitAllDecided(group);
    assertThat(sorted(storedBodies(topic, OPEN / 2))).isEqualTo(sorted(evenOnes));
    List<String> asked = clients.driver().checks(producer).stream()
        .filter(check -> check.answered() != LocalOutcome.UNKNOWN)
        .map(TransactionCheck::message)
        .map(message -> message.body())
        .distinct()
        .toList();
    assertThat(sorted(asked)).isEqualTo(sorted(numbers(OPEN)));
    String half = Integer.toString(OPEN / 2);
    assertThat(requests.metric("rocketmq_commit_messages_total")).isEqualTo(half);
    assertThat(requests.metric("rocketmq_rollback_messages_total")).isEqualTo(half);
    assertThat(requests.metric("escrowmq_decision_conflicts_total")).isEqualTo("0");
  }

  private void killAndStart() {
    server.kill();
    server.start();
  }

  private void awaitAllDecided(String group) {
    within(60).ignoreExceptions().until(() -> requests.open(group) == 0);
  }

  /** The first attempts after a kill find a connection that is gone. */
  private static Answer repeatedly(Supplier<Answer> request) {
    AtomicReference<Answer> answer = new AtomicReference<>();
    within(20).ignoreExceptions().until(() -> {
      answer.set(request.get());
      return true;
    });
    return answer.get();
  }

  /** Queue by queue, once there are at least so many. */
  private List<String> storedBodies(String topic, int atLeast) {
    AtomicReference<List<String>> bodies = new AtomicReference<>(List.of());
    within(40).ignoreExceptions().until(() -> {
      StoredQueues queues = new StoredQueues(clients, topic, QUEUES);
      if (queues.count() < atLeast) {
        return false;
      }
      bodies.set(queues.bodies());
      return true;
    });
    return bodies.get();
  }

  private static List<OutgoingMessage> numbered(String topic, int count) {
    return new ArrayList<>(
        numbers(count).stream().map(number -> OutgoingMessage.to(topic, number)).toList());
  }

  private static List<String> numbers(int count) {
    return IntStream.range(0, count).mapToObj(Integer::toString).toList();
  }

  private static List<String> sorted(List<String> texts) {
    return texts.stream().sorted().toList();
  }
}
