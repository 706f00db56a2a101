package io.escrowmq.systemtests;

import static io.escrowmq.systemtests.Patience.within;
import static io.escrowmq.systemtests.TransactionalSends.TOLERANCE_MILLIS;
import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.systemtests.driver.CheckScript;
import io.escrowmq.systemtests.driver.LocalOutcome;
import io.escrowmq.systemtests.driver.OutgoingMessage;
import io.escrowmq.systemtests.driver.ReceivedMessage;
import io.escrowmq.systemtests.driver.TransactionCheck;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * docs/half-message.md 4.4, with the check settings as they are by default and in real time: whole producer groups
 * are gone for minutes, and come back. One of each version has left in good order, one was killed. All wait at once.
 */
@SystemTest
@Tag("long")
@ResourceLock(TestBed.OWN_SERVERS_FOR_TRANSACTIONS)
@EnabledIfSystemProperty(named = "systemtests.target", matches = "escrowmq")
final class TransactionAbsenceTest {

  private static final int EACH = 20;

  /** Due after 6, 16, 36, 76 and 156 s. */
  private static final int CHECKS_OF_OTHERS = 5;

  private static final long ABSENT_AT_LEAST_MILLIS = 120_000;

  private final TestBed bed;
  private final ServerProcess server;
  private final List<Clients> clients = new ArrayList<>();

  TransactionAbsenceTest(TestBed bed) {
    this.bed = bed;
    server = bed.startBoth("tx-absent", Map.of());
  }

  @AfterEach
  void end() {
    clients.forEach(Clients::close);
    server.close();
  }

  @Test
  void shouldAskGroupsThatWereGoneForMinutesAsSoonAsTheyAreBack() {
    // given
    List<AbsentProducer> groups = new ArrayList<>();
    for (ClientKind kind : List.of(ClientKind.V5_5_0_BINARY, ClientKind.V4_9_8_JSON)) {
      Clients staying = bed.clients(kind, server);
      clients.add(staying);
      groups.add(new AbsentProducer(kind + ", closed", staying));
      groups.add(new AbsentProducer(kind + ", killed", staying));
      groups.get(groups.size() - 2).sendAndClose();
      groups.get(groups.size() - 1).sendAndBeKilled(kind);
    }
    Clients any = clients.get(0);
    TransactionRequests requests = new TransactionRequests(any);
    String others = any.transacting(any.freshGroup(), CheckScript.always(LocalOutcome.UNKNOWN));
    new TransactionalSends(any).unknown(others, OutgoingMessage.to(any.freshTopic(1), "of others"));

    // when
    within(200).until(() -> any.driver().checkCount(others) == CHECKS_OF_OTHERS);
    ReceivedMessage lastQuestion =
        any.driver().checks(others).get(CHECKS_OF_OTHERS - 1).message();
    String unanswerable = requests.metric("escrowmq_checks_unanswerable_total");
    List<Printout> meanwhile =
        groups.stream().map(absent -> requests.list(absent.group)).toList();
    groups.forEach(AbsentProducer::comeBack);

    // then
    assertThat(lastQuestion.receivedAtMillis() - lastQuestion.storedAtMillis())
        .isGreaterThan(ABSENT_AT_LEAST_MILLIS);
    assertThat(unanswerable).isEqualTo(Integer.toString(EACH * groups.size()));
    assertThat(meanwhile).allSatisfy(listed -> {
      assertThat(listed.members("state")).hasSize(EACH).containsOnly("IN_DOUBT");
      assertThat(listed.members("checks")).containsOnly("0");
    });
    for (AbsentProducer absent : groups) {
      within(30).until(() -> requests.open(absent.group) == 0);
      absent.wasAskedOnceAndAtOnce();
      absent.sawWhatWasCommittedOnce();
    }
    String half = Integer.toString(EACH / 2 * groups.size());
    assertThat(requests.metric("rocketmq_commit_messages_total")).isEqualTo(half);
    assertThat(requests.metric("rocketmq_rollback_messages_total")).isEqualTo(half);
  }

  /** One group, its topic and who listens to that. */
  private final class AbsentProducer {

    private final String name;
    private final Clients clients;
    private final String group;
    private final String topic;
    private final String consumer;
    private final List<String> bodies = new ArrayList<>();
    private final List<String> committed = new ArrayList<>();
    private final Map<String, LocalOutcome> answers = new HashMap<>();
    private String back = "";
    private long backMillis;

    AbsentProducer(String name, Clients clients) {
      this.name = name;
      this.clients = clients;
      group = clients.freshGroup();
      topic = clients.freshTopic(1);
      consumer = clients.push(clients.freshGroup(), topic);
      for (int i = 0; i < EACH; i++) {
        String body = "m" + i;
        bodies.add(body);
        if (i % 2 == 0) {
          committed.add(body);
        } else {
          answers.put(body, LocalOutcome.ROLLBACK);
        }
      }
    }

    void sendAndClose() {
      clients.stop(send(clients));
    }

    void sendAndBeKilled(ClientKind kind) {
      DriverProcess process = bed.startDriver(kind);
      send(bed.clients(process, clients));
      process.kill();
    }

    private String send(Clients through) {
      String producer = through.transacting(group, CheckScript.always(LocalOutcome.ROLLBACK));
      TransactionalSends sends = new TransactionalSends(through);
      bodies.forEach(body -> sends.unknown(producer, OutgoingMessage.to(topic, body)));
      return producer;
    }

    void comeBack() {
      backMillis = System.currentTimeMillis();
      back = clients.transacting(group, topic, new CheckScript(LocalOutcome.COMMIT, answers));
    }

    void wasAskedOnceAndAtOnce() {
      List<ReceivedMessage> asked =
          clients.driver().checks(back).stream().map(TransactionCheck::message).toList();
      assertThat(asked)
          .as(name)
          .extracting(ReceivedMessage::body)
          .containsExactlyInAnyOrderElementsOf(bodies);
      assertThat(asked).as(name).allSatisfy(question -> {
        assertThat(question.properties()).containsEntry("TRANSACTION_CHECK_TIMES", "1");
        assertThat(question.receivedAtMillis() - backMillis).isLessThan(TOLERANCE_MILLIS);
      });
    }

    void sawWhatWasCommittedOnce() {
      within(30)
          .untilAsserted(() -> assertThat(clients.driver().received(consumer))
              .as(name)
              .extracting(ReceivedMessage::body)
              .containsExactlyInAnyOrderElementsOf(committed));
      assertThat(new StoredQueues(clients, topic, 1).bodies())
          .as(name)
          .containsExactlyInAnyOrderElementsOf(committed);
    }
  }
}
