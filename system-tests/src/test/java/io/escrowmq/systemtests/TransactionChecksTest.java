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
import io.escrowmq.systemtests.driver.TransactionAnswer;
import io.escrowmq.systemtests.driver.TransactionCheck;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Who is asked about what nobody has decided, when, and what comes of it. */
@ParameterizedClass
@EnumSource(
    value = ClientKind.class,
    names = {"V5_5_0_BINARY", "V4_9_8_JSON"})
@SystemTest
@EnabledIfSystemProperty(named = "systemtests.target", matches = "escrowmq")
final class TransactionChecksTest {

  private static final long FIRST_CHECK_MILLIS = 1000;

  private final ClientKind kind;
  private final TestBed bed;
  private final TransactionRequests requests;
  private final TransactionalSends sends;

  @AutoClose
  private final Clients clients;

  TransactionChecksTest(ClientKind kind, TestBed bed) {
    this.kind = kind;
    this.bed = bed;
    clients = bed.clients(kind);
    requests = new TransactionRequests(clients);
    sends = new TransactionalSends(clients);
  }

  @Test
  void shouldAskWhenTheFirstCheckIsDueAndNotBefore() {
    // given
    String topic = clients.freshTopic(1);
    String producer =
        clients.transacting(clients.freshGroup(), CheckScript.always(LocalOutcome.COMMIT));

    // when
    sends.unknown(producer, OutgoingMessage.to(topic, "after the default"));
    sends.unknown(
        producer, OutgoingMessage.to(topic, "when it says").with(NOT_BEFORE_SECONDS, "3"));

    // then
    soon().until(() -> clients.driver().checkCount(producer) == 2);
    List<TransactionCheck> checks = clients.driver().checks(producer);
    assertThat(checks)
        .extracting(check -> check.message().body())
        .containsExactly("after the default", "when it says");
    assertThat(millisUntil(checks.get(0)))
        .isBetween(FIRST_CHECK_MILLIS, FIRST_CHECK_MILLIS + TOLERANCE_MILLIS);
    assertThat(millisUntil(checks.get(1))).isBetween(3000L, 3000 + TOLERANCE_MILLIS);
  }

  private static long millisUntil(TransactionCheck check) {
    return check.message().receivedAtMillis() - check.message().storedAtMillis();
  }

  @Test
  void shouldAskAgainUntilTheProducerKnows() {
    // given
    String topic = clients.freshTopic(1);
    Audience audience = new Audience(clients, topic);
    String producer =
        clients.transacting(clients.freshGroup(), CheckScript.always(LocalOutcome.UNKNOWN));
    sends.unknown(producer, OutgoingMessage.to(topic, "in the end"));

    // when
    soon().until(() -> clients.driver().checkCount(producer) == 2);
    clients.driver().answerChecks(producer, CheckScript.always(LocalOutcome.COMMIT));

    // then
    audience.sawOnly("in the end");
    assertThat(clients.driver().checks(producer))
        .extracting(check -> check.message().properties().get("TRANSACTION_CHECK_TIMES"))
        .containsExactly("1", "2", "3");
  }

  @Test
  void shouldSuspendWhatNobodyKnowsAndLetAnOperatorCommitIt() {
    // given
    String topic = clients.freshTopic(1);
    Audience audience = new Audience(clients, topic);
    String group = clients.freshGroup();
    String producer = clients.transacting(group, CheckScript.always(LocalOutcome.UNKNOWN));
    TransactionAnswer sent =
        sends.unknown(producer, OutgoingMessage.to(topic, "who knows").keyed("k"));
    long id = TransactionRequests.id(sent);

    // when
    within(30).until(() -> requests.list(group).members("state").contains("SUSPENDED"));
    audience.sawOnly();
    Printout suspended = requests.list(group);
    Answer ordered = requests.order(id, TransactionRequests.COMMIT, "ann", "the bank says paid");

    // then
    assertThat(suspended.members("id")).containsExactly(Long.toString(id));
    assertThat(suspended.members("uniqueKey")).containsExactly(sent.half().messageId());
    assertThat(suspended.members("checks")).containsExactly("6");
    assertThat(clients.driver().checkCount(producer)).isEqualTo(6);
    assertThat(ordered.code()).as(ordered.remark()).isEqualTo(TransactionRequests.DONE);
    assertThat(ordered.fields())
        .containsEntry("verdict", "COMMIT")
        .containsEntry("decidedBy", "OPERATOR");
    audience.await("who knows");
    assertThat(new StoredQueues(clients, topic, 1).bodies())
        .containsExactly("the end", "who knows");
    Printout decided = requests.show(id);
    assertThat(decided.members("state")).containsExactly("COMMITTED");
    assertThat(decided.text()).contains("ann", "the bank says paid");
    assertThat(requests.open(group)).isZero();
  }

  @Test
  void shouldAskAnotherProducerOfTheGroupWhenTheSenderWasKilled() {
    // given
    String topic = clients.freshTopic(1);
    Audience audience = new Audience(clients, topic);
    String group = clients.freshGroup();
    DriverProcess process = bed.startDriver(kind);
    Clients doomed = bed.clients(process, clients);
    String victim = doomed.transacting(group, CheckScript.always(LocalOutcome.HANGING));
    String other = clients.transacting(
        group, topic, CheckScript.always(LocalOutcome.COMMIT).but("undone", LocalOutcome.ROLLBACK));
    CompletableFuture<TransactionAnswer> done = inTheMiddle(doomed, victim, topic, "done");
    CompletableFuture<TransactionAnswer> undone = inTheMiddle(doomed, victim, topic, "undone");
    soon().until(() -> doomed.driver().localTransactions(victim).size() == 2);

    // when
    process.kill();

    // then
    assertThat(done).failsWithin(Duration.ofSeconds(10));
    assertThat(undone).failsWithin(Duration.ofSeconds(10));
    audience.sawOnly("done");
    soon().until(() -> requests.open(group) == 0);
    assertThat(sends.asked(other)).containsExactlyInAnyOrder("done", "undone");
  }

  private static CompletableFuture<TransactionAnswer> inTheMiddle(
      Clients clients, String producer, String topic, String body) {
    return CompletableFuture.supplyAsync(() -> clients
        .driver()
        .sendInTransaction(producer, OutgoingMessage.to(topic, body), LocalOutcome.HANGING));
  }

  @Test
  void shouldWaitForAProducerGroupThatIsGoneAndAskItWhenItIsBack() {
    // given
    String topic = clients.freshTopic(1);
    Audience audience = new Audience(clients, topic);
    String group = clients.freshGroup();
    String before = clients.transacting(group, CheckScript.always(LocalOutcome.ROLLBACK));
    long id = TransactionRequests.id(
        sends.unknown(before, OutgoingMessage.to(topic, "waits").with(NOT_BEFORE_SECONDS, "2")));

    // when: nobody of the group is there while others are asked, again and again
    clients.stop(before);
    String others =
        clients.transacting(clients.freshGroup(), CheckScript.always(LocalOutcome.UNKNOWN));
    sends.unknown(others, OutgoingMessage.to(topic, "of others").with(NOT_BEFORE_SECONDS, "2"));
    soon().until(() -> clients.driver().checkCount(others) >= 2);
    Printout meanwhile = requests.show(id);
    String after = clients.transacting(group, topic, CheckScript.always(LocalOutcome.COMMIT));

    // then
    assertThat(meanwhile.members("state")).containsExactly("IN_DOUBT");
    assertThat(meanwhile.members("checks"))
        .as("what nobody could answer uses up nothing")
        .containsExactly("0");
    audience.sawOnly("waits");
    assertThat(clients.driver().checks(after))
        .singleElement()
        .satisfies(check ->
            assertThat(check.message().properties()).containsEntry("TRANSACTION_CHECK_TIMES", "1"));
    assertThat(clients.driver().checkCount(before)).isZero();
  }

  @Test
  void shouldAskAboutASuspendedTransactionWhenAProducerComesBack() {
    // given
    String topic = clients.freshTopic(1);
    Audience audience = new Audience(clients, topic);
    String group = clients.freshGroup();
    String first = clients.transacting(group, CheckScript.always(LocalOutcome.UNKNOWN));
    long id = TransactionRequests.id(sends.unknown(first, OutgoingMessage.to(topic, "remembered")));
    within(30).until(() -> requests.state(id).equals("SUSPENDED"));

    // when
    clients.stop(first);
    String second = clients.transacting(group, topic, CheckScript.always(LocalOutcome.COMMIT));

    // then
    audience.sawOnly("remembered");
    assertThat(requests.state(id)).isEqualTo("COMMITTED");
    assertThat(clients.driver().checkCount(second)).isOne();
  }

  @Test
  void shouldAskAgainWhenAnOperatorWantsIt() {
    // given
    String topic = clients.freshTopic(1);
    Audience audience = new Audience(clients, topic);
    String group = clients.freshGroup();
    String producer = clients.transacting(group, CheckScript.always(LocalOutcome.UNKNOWN));
    long id =
        TransactionRequests.id(sends.unknown(producer, OutgoingMessage.to(topic, "repaired")));
    within(30).until(() -> requests.state(id).equals("SUSPENDED"));

    // when
    clients.driver().answerChecks(producer, CheckScript.always(LocalOutcome.COMMIT));
    Answer again = requests.recheck(id, "ann");

    // then
    assertThat(again.code()).as(again.remark()).isEqualTo(TransactionRequests.DONE);
    audience.sawOnly("repaired");
  }
}
