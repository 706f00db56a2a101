package io.escrowmq.systemtests;

import static io.escrowmq.systemtests.Patience.soon;
import static io.escrowmq.systemtests.Patience.within;
import static io.escrowmq.systemtests.TransactionalSends.NOT_BEFORE_SECONDS;
import static io.escrowmq.systemtests.TransactionalSends.TOLERANCE_MILLIS;
import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.systemtests.driver.Answer;
import io.escrowmq.systemtests.driver.CheckScript;
import io.escrowmq.systemtests.driver.LocalOutcome;
import io.escrowmq.systemtests.driver.OutgoingMessage;
import io.escrowmq.systemtests.driver.ReceivedMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What users of half-messages suffer from elsewhere, in the order of the first table of the project's field notes:
 * {@code rowN} is its row N. Rows 1 to 5 are about decisions and checks.
 */
@ParameterizedClass
@EnumSource(
    value = ClientKind.class,
    names = {"V5_5_0_JSON", "V4_9_8_BINARY"})
@SystemTest
@EnabledIfSystemProperty(named = "systemtests.target", matches = "escrowmq")
final class TransactionRegressionRows1To5Test {

  private static final long FIRST_CHECK_MILLIS = 1000;

  private final TransactionRequests requests;
  private final TransactionalSends sends;

  @AutoClose
  private final Clients clients;

  TransactionRegressionRows1To5Test(ClientKind kind, TestBed bed) {
    clients = bed.clients(kind);
    requests = new TransactionRequests(clients);
    sends = new TransactionalSends(clients);
  }

  /** Row 1: check-back loops, sticks or never happens. */
  @Test
  void row1_OneBadTransactionDoesNotHoldUpTheOthers() {
    // given
    String topic = clients.freshTopic(1);
    String group = clients.freshGroup();
    String producer = clients.transacting(
        group, CheckScript.always(LocalOutcome.COMMIT).but("throws", LocalOutcome.FAILURE));
    long throwing =
        TransactionRequests.id(sends.unknown(producer, OutgoingMessage.to(topic, "throws")));
    // a client that never answers, and halves that are odd in other ways; some may be refused
    String silent = clients.freshGroup();
    requests.sendHalf(silent, topic, "of a silent client", Map.of());
    requests.sendHalf(silent, topic, "", Map.of());
    requests.sendHalf(silent, topic, "when?", Map.of(NOT_BEFORE_SECONDS, "soon"));
    requests.sendHalf(silent, topic, "then?", Map.of(NOT_BEFORE_SECONDS, "-1"));
    requests.sendHalf(silent, topic, "keys", Map.of("KEYS", " ", "TAGS", "||"));
    requests.sendHalf("no such group!", topic, "group", Map.of());

    // when
    List<String> good = IntStream.range(0, 20).mapToObj(i -> "good" + i).toList();
    good.forEach(body -> sends.unknown(producer, OutgoingMessage.to(topic, body)));

    // then
    StoredQueues queues = new StoredQueues(clients, topic, 1);
    soon().until(() -> queues.count() == 20);
    assertThat(queues.bodies()).containsExactlyInAnyOrderElementsOf(good);
    within(30).until(() -> requests.state(throwing).equals("SUSPENDED"));
    assertThat(requests.show(throwing).members("checks")).as("not for ever").containsExactly("6");
  }

  /** Row 2: outcome contradicted or applied twice. */
  @Test
  void row2_TheFirstDecisionStandsAndIsTheAnswerToTheOthers() {
    // given
    String topic = clients.freshTopic(1);
    String group = clients.freshGroup();
    String producer = clients.transacting(group, CheckScript.always(LocalOutcome.UNKNOWN));
    long kept = sends.undecided(producer, topic, "kept");
    long dropped = sends.undecided(producer, topic, "dropped");

    // when
    Answer commit = requests.end(group, kept, TransactionRequests.COMMIT);
    Answer sameAgain = requests.end(group, kept, TransactionRequests.COMMIT);
    Answer contrary = requests.end(group, kept, TransactionRequests.ROLLBACK);
    Answer rollback = requests.end(group, dropped, TransactionRequests.ROLLBACK);
    Answer contraryCommit = requests.end(group, dropped, TransactionRequests.COMMIT);
    Answer byOperator = requests.order(dropped, TransactionRequests.COMMIT, "ann", "for a try");

    // then
    assertThat(List.of(commit.code(), sameAgain.code(), rollback.code()))
        .containsOnly(TransactionRequests.DONE);
    assertThat(commit.fields())
        .containsEntry("verdict", "COMMIT")
        .containsEntry("decidedBy", "PRODUCER")
        .containsEntry("again", "false");
    assertThat(sameAgain.fields())
        .containsEntry("again", "true")
        .containsEntry("decidedMillis", commit.fields().get("decidedMillis"));
    assertThat(contrary.code()).isEqualTo(TransactionRequests.TRANSACTION_DECIDED_OTHERWISE);
    assertThat(contrary.fields())
        .containsEntry("verdict", "COMMIT")
        .containsEntry("decidedBy", "PRODUCER")
        .containsEntry("decidedMillis", commit.fields().get("decidedMillis"));
    assertThat(contrary.remark()).isNotEmpty();
    assertThat(List.of(contraryCommit.code(), byOperator.code()))
        .containsOnly(TransactionRequests.TRANSACTION_DECIDED_OTHERWISE);
    assertThat(contraryCommit.fields()).containsEntry("verdict", "ROLLBACK");
    assertThat(new StoredQueues(clients, topic, 1).bodies()).containsExactly("kept");
  }

  /** Row 2: outcome contradicted or applied twice. */
  @Test
  void row2_OfTwoContraryDecisionsAtOnceOneWins() throws Exception {
    // given
    String topic = clients.freshTopic(1);
    String group = clients.freshGroup();
    String producer = clients.transacting(group, CheckScript.always(LocalOutcome.UNKNOWN));
    List<String> committed = new ArrayList<>();

    for (int i = 0; i < 20; i++) {
      long id = sends.undecided(producer, topic, "m" + i);

      // when
      Answer[] answers = atOnce(group, id);

      // then
      boolean isCommitted = answers[0].code() == TransactionRequests.DONE;
      Answer won = answers[isCommitted ? 0 : 1];
      Answer lost = answers[isCommitted ? 1 : 0];
      assertThat(won.code()).isEqualTo(TransactionRequests.DONE);
      assertThat(lost.code()).isEqualTo(TransactionRequests.TRANSACTION_DECIDED_OTHERWISE);
      assertThat(lost.fields()).containsEntry("verdict", isCommitted ? "COMMIT" : "ROLLBACK");
      if (isCommitted) {
        committed.add("m" + i);
      }
    }
    assertThat(new StoredQueues(clients, topic, 1).bodies()).isEqualTo(committed);
  }

  /** Answers to a commit and to a rollback. */
  private Answer[] atOnce(String group, long id) throws ExecutionException, InterruptedException {
    CompletableFuture<Answer> commit =
        CompletableFuture.supplyAsync(() -> requests.end(group, id, TransactionRequests.COMMIT));
    CompletableFuture<Answer> rollback =
        CompletableFuture.supplyAsync(() -> requests.end(group, id, TransactionRequests.ROLLBACK));
    return new Answer[] {commit.get(), rollback.get()};
  }

  /** Row 2: the local transaction ends after a check was answered, as it was or otherwise. */
  @Test
  void row2_AReportAfterTheAnswerToACheckChangesNothing() {
    // given
    String topic = clients.freshTopic(1);
    String group = clients.freshGroup();
    String producer = clients.transacting(
        group, CheckScript.always(LocalOutcome.COMMIT).but("dropped", LocalOutcome.ROLLBACK));
    long kept = TransactionRequests.id(sends.unknown(producer, OutgoingMessage.to(topic, "kept")));
    long dropped =
        TransactionRequests.id(sends.unknown(producer, OutgoingMessage.to(topic, "dropped")));
    soon().until(() -> requests.open(group) == 0);

    // when
    Answer same = requests.end(group, kept, TransactionRequests.COMMIT);
    Answer contrary = requests.end(group, dropped, TransactionRequests.COMMIT);

    // then
    assertThat(same.fields()).containsEntry("again", "true").containsEntry("decidedBy", "CHECK");
    assertThat(contrary.code()).isEqualTo(TransactionRequests.TRANSACTION_DECIDED_OTHERWISE);
    assertThat(contrary.fields())
        .containsEntry("verdict", "ROLLBACK")
        .containsEntry("decidedBy", "CHECK");
    assertThat(new StoredQueues(clients, topic, 1).bodies()).containsExactly("kept");
  }

  /** Row 2, and a late report of somebody else's. */
  @Test
  void row2_AReportOfAnotherGroupOrAboutNothingIsRefused() {
    // given
    String topic = clients.freshTopic(1);
    String group = clients.freshGroup();
    String producer = clients.transacting(group, CheckScript.always(LocalOutcome.UNKNOWN));
    long id = sends.undecided(producer, topic, "mine");

    // when
    Answer ofOthers = requests.end(clients.freshGroup(), id, TransactionRequests.COMMIT);
    Answer aboutNothing = requests.end(group, id + 8, TransactionRequests.COMMIT);

    // then
    assertThat(ofOthers.code()).isNotEqualTo(TransactionRequests.DONE);
    assertThat(ofOthers.remark()).isNotEmpty();
    assertThat(aboutNothing.code()).isEqualTo(TransactionRequests.TRANSACTION_NOT_OPEN);
    assertThat(requests.state(id)).isEqualTo("IN_DOUBT");
    assertThat(new StoredQueues(clients, topic, 1).count()).isZero();
  }

  /** Row 3: lost commit. The client's report is one-way; here it never says COMMIT by itself. */
  @Test
  void row3_ALostCommitIsMadeUpForByTheFirstCheck() {
    // given
    String topic = clients.freshTopic(1);
    Audience audience = new Audience(clients, topic);
    String producer =
        clients.transacting(clients.freshGroup(), CheckScript.always(LocalOutcome.COMMIT));

    // when
    sends.unknown(producer, OutgoingMessage.to(topic, "late"));

    // then
    ReceivedMessage received = audience.first("late");
    assertThat(received.receivedAtMillis() - received.bornAtMillis())
        .isBetween(FIRST_CHECK_MILLIS - 100, FIRST_CHECK_MILLIS + TOLERANCE_MILLIS);
    assertThat(clients.driver().checkCount(producer)).isOne();
  }

  /** Row 4: the check needs a live producer of the group, and picks the wrong one. */
  @Test
  void row4_TheSenderIsAskedThenAPublisherOfTheTopicThenAnyOfTheGroup() {
    // given
    String topic = clients.freshTopic(1);
    String elsewhere = clients.freshTopic(1);
    String group = clients.freshGroup();
    CheckScript unsure = CheckScript.always(LocalOutcome.UNKNOWN);
    String other = clients.transacting(group, unsure);
    String publisher = clients.transacting(group, unsure);
    String sender = clients.transacting(group, unsure);
    sends.send(other, OutgoingMessage.to(elsewhere, "x"), LocalOutcome.COMMIT);
    sends.send(publisher, OutgoingMessage.to(topic, "x"), LocalOutcome.COMMIT);
    sends.unknown(sender, OutgoingMessage.to(topic, "asked about"));

    // when
    soon().until(() -> sends.asked(sender).contains("asked about"));

    // then
    assertThat(sends.asked(publisher)).isEmpty();
    assertThat(sends.asked(other)).isEmpty();

    // when
    clients.stop(sender);

    // then
    soon().until(() -> sends.asked(publisher).contains("asked about"));
    assertThat(sends.asked(other)).isEmpty();

    // when
    clients.driver().answerChecks(other, CheckScript.always(LocalOutcome.COMMIT));
    clients.stop(publisher);

    // then
    soon().until(() -> sends.asked(other).contains("asked about"));
    soon().until(() -> new StoredQueues(clients, topic, 1).bodies().contains("asked about"));
  }

  /** Row 5: after so many checks the message goes away quietly. */
  @Test
  void row5_WhatNobodyDecidesStaysAndAPersonDecidesIt() {
    // given
    String topic = clients.freshTopic(1);
    Audience audience = new Audience(clients, topic);
    String group = clients.freshGroup();
    String producer = clients.transacting(group, CheckScript.always(LocalOutcome.UNKNOWN));
    long refunded =
        TransactionRequests.id(sends.unknown(producer, OutgoingMessage.to(topic, "refunded")));
    long paid = TransactionRequests.id(sends.unknown(producer, OutgoingMessage.to(topic, "paid")));

    // when
    within(30)
        .until(
            () -> requests.list(group).members("state").equals(List.of("SUSPENDED", "SUSPENDED")));
    Answer rollback = requests.order(refunded, TransactionRequests.ROLLBACK, "ann", "was refunded");
    Answer commit = requests.order(paid, TransactionRequests.COMMIT, "bob", "was paid");

    // then
    assertThat(List.of(rollback.code(), commit.code())).containsOnly(TransactionRequests.DONE);
    audience.sawOnly("paid");
    assertThat(requests.show(refunded).text()).contains("ROLLED_BACK", "ann", "was refunded");
    assertThat(requests.show(paid).text()).contains("COMMITTED", "bob", "was paid");
  }
}
