package io.escrowmq.systemtests;

import static io.escrowmq.systemtests.Patience.soon;
import static io.escrowmq.systemtests.Patience.within;
import static io.escrowmq.systemtests.TransactionalSends.NOT_BEFORE_SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.escrowmq.client.EscrowClient;
import io.escrowmq.client.EscrowJta;
import io.escrowmq.client.EscrowTransactions;
import io.escrowmq.client.EscrowXAResource;
import io.escrowmq.client.HalfMessage;
import io.escrowmq.client.Message;
import io.escrowmq.client.TransactionListener;
import io.escrowmq.client.TransactionOutcome;
import io.escrowmq.client.TransactionReceipt;
import io.escrowmq.client.TransactionalProducer;
import io.escrowmq.remoting.Fields;
import io.escrowmq.remoting.frame.FrameHeader;
import io.escrowmq.systemtests.driver.Answer;
import io.escrowmq.systemtests.driver.CheckScript;
import io.escrowmq.systemtests.driver.LocalOutcome;
import io.escrowmq.systemtests.driver.OutgoingMessage;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import javax.transaction.xa.Xid;
import org.h2.jdbcx.JdbcDataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * docs/half-message.md 3.1 to 3.3: the broker is killed (-9) when a decision has reached it and before anybody is
 * answered. What it had decided stands, and is confirmed when it is reported again.
 */
@ParameterizedClass(name = "flush {0}")
@ValueSource(strings = {"async", "sync"})
@SystemTest
@ResourceLock(TestBed.OWN_SERVERS_FOR_TRANSACTIONS)
@EnabledIfSystemProperty(named = "systemtests.target", matches = "escrowmq")
final class TransactionLostAnswerTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int END_TRANSACTION = 37;
  private static final int DECIDE_TRANSACTION = 30001;

  private final TestBed bed;
  private final CuttingProxy proxy = new CuttingProxy();
  private final ServerProcess server;
  private final Clients clients;
  private final TransactionRequests requests;

  TransactionLostAnswerTest(String flush, TestBed bed) {
    this.bed = bed;
    // nobody is asked in time, unless a message wants it
    server = bed.startBoth(
        "tx-answer-lost",
        Map.of("broker.advertise", proxy.address(), "store.flush", flush, "tx.first-check", "10m"));
    proxy.leadTo(server.broker());
    clients = bed.clients(ClientKind.V5_5_0_JSON, server);
    requests = new TransactionRequests(clients);
  }

  @AfterEach
  void end() {
    clients.close();
    server.close();
    proxy.close();
  }

  private static boolean decidesOne(FrameHeader request) {
    return request.code() == END_TRANSACTION && tellsOutcome(request);
  }

  private static boolean decidesNamed(FrameHeader request) {
    return request.code() == DECIDE_TRANSACTION && tellsOutcome(request);
  }

  /** False for UNKNOWN, and for the request by which a client finds out what a broker can do. */
  private static boolean tellsOutcome(FrameHeader request) {
    return !"0".equals(request.fields().text("commitOrRollback"));
  }

  /** How our client reports, again and again, until it is answered. */
  private enum Way {
    OUTCOME_TABLE {
      @Override
      void end(TransactionLostAnswerTest test, EscrowClient client, Part part) {
        JdbcDataSource database = new JdbcDataSource();
        database.setURL("jdbc:h2:mem:" + part.group + ";DB_CLOSE_DELAY=-1");
        EscrowTransactions transactions =
            client.transactions(database).group(part.group).createTable().build();
        if (part.outcome == TransactionOutcome.COMMIT) {
          transactions.inTransaction((connection, messages) -> messages.send(part.message()));
        } else {
          assertThatThrownBy(() -> transactions.inTransaction((connection, messages) -> {
                messages.send(part.message());
                soon().until(() -> test.requests.open(part.group) == 1);
                throw new IllegalStateException("out of stock");
              }))
              .hasMessage("out of stock");
        }
      }
    },
    JTA {
      @Override
      void end(TransactionLostAnswerTest test, EscrowClient client, Part part) throws XAException {
        EscrowXAResource resource = EscrowJta.on(client)
            .group(part.group)
            .decisionTimeout(PATIENCE)
            .build()
            .xaResource();
        Xid branch = new NamedBranch(part.group);
        resource.start(branch, XAResource.TMNOFLAGS);
        resource.send(part.message());
        resource.end(branch, XAResource.TMSUCCESS);
        resource.prepare(branch);
        if (part.outcome == TransactionOutcome.COMMIT) {
          resource.commit(branch, false);
        } else {
          resource.rollback(branch);
        }
      }
    };

    abstract void end(TransactionLostAnswerTest test, EscrowClient client, Part part)
        throws XAException;
  }

  /** One message and how its transaction ends. */
  private record Part(String group, String topic, TransactionOutcome outcome) {

    Message message() {
      return Message.to(topic).body(outcome.name());
    }
  }

  @ParameterizedTest
  @EnumSource
  void shouldConfirmToOurClientWhatWasDecidedBeforeTheKill(Way way) {
    // given
    String topic = clients.freshTopic(1);
    try (EscrowClient client = newClient()) {
      for (TransactionOutcome outcome : ends()) {
        Part part = new Part(clients.freshGroup(), topic, outcome);

        // when
        CompletableFuture<Void> killed =
            proxy.cutBeforeAnswerTo(TransactionLostAnswerTest::decidesNamed, server::kill);
        CompletableFuture<Void> ended = CompletableFuture.runAsync(() -> {
          try {
            way.end(this, client, part);
          } catch (XAException refused) {
            throw new IllegalStateException(refused);
          }
        });
        assertThat(killed).succeedsWithin(PATIENCE);
        server.start();

        // then
        assertThat(ended).succeedsWithin(PATIENCE);
        List<Fields> answers = within(60)
            .until(
                () -> answersTo(part.group, TransactionLostAnswerTest::decidesNamed),
                all -> all.size() > 1);
        Fields lost = answers.get(0);
        Fields repeated = answers.get(1);
        assertThat(lost.text("again")).isEqualTo("false");
        assertThat(repeated.text("again")).isEqualTo("true");
        assertThat(repeated.text("verdict")).isEqualTo(outcome.name());
        assertThat(repeated.text("decidedMillis")).isEqualTo(lost.text("decidedMillis"));
      }
    }
    committedIsThereOnce(topic);
  }

  /** It reports once, for other brokers may take a second report for another one. */
  @Test
  void shouldConfirmToAnybodyWhatAListenerHadDecidedBeforeTheKill() {
    // given
    String topic = clients.freshTopic(1);
    try (EscrowClient client = newClient()) {
      for (TransactionOutcome outcome : ends()) {
        Part part = new Part(clients.freshGroup(), topic, outcome);
        TransactionalProducer producer =
            client.transactionalProducer(part.group, new ObedientListener()).build();

        // when
        CompletableFuture<Void> killed =
            proxy.cutBeforeAnswerTo(TransactionLostAnswerTest::decidesOne, server::kill);
        TransactionReceipt receipt = producer.send(part.message(), outcome);
        assertThat(killed).succeedsWithin(PATIENCE);
        server.start();

        // then
        assertThat(receipt.confirmation()).succeedsWithin(PATIENCE).isEqualTo(false);
        Fields lost =
            answersTo(part.group, TransactionLostAnswerTest::decidesOne).get(0);
        Answer repeated = within(60)
            .ignoreExceptions()
            .until(() -> repeat(part.group), answer -> answer.code() == TransactionRequests.DONE);
        assertThat(lost.text("again")).isEqualTo("false");
        assertThat(repeated.fields())
            .containsEntry("again", "true")
            .containsEntry("verdict", outcome.name())
            .containsEntry("decidedMillis", lost.text("decidedMillis"));
      }
    }
    committedIsThereOnce(topic);
  }

  private Answer repeat(String group) {
    Fields reported =
        exchanges(group, TransactionLostAnswerTest::decidesOne).get(0).request().fields();
    return requests.end(
        group, reported.longOr("commitLogOffset", -1), reported.text("commitOrRollback"));
  }

  private static final class ObedientListener implements TransactionListener {

    @Override
    public TransactionOutcome execute(
        Message message, String messageId, @Nullable Object argument) {
      return (TransactionOutcome) argument;
    }

    @Override
    public TransactionOutcome check(HalfMessage message) {
      return TransactionOutcome.UNKNOWN;
    }
  }

  /** Their reports are one-way: what reached the broker stands, and it asks about what did not. */
  @ParameterizedTest
  @EnumSource(names = {"V5_5_0_BINARY", "V4_9_8_JSON"})
  void shouldFindOutWhatUnmodifiedClientsReportedAtTheMomentOfTheKill(ClientKind kind) {
    // given
    String topic = clients.freshTopic(1);
    try (Clients theirs = bed.clients(kind, server)) {
      TransactionalSends sends = new TransactionalSends(theirs);
      for (LocalOutcome outcome : List.of(LocalOutcome.COMMIT, LocalOutcome.ROLLBACK)) {
        String group = clients.freshGroup();
        String producer = theirs.transacting(
            group, CheckScript.always(outcome).but("back", LocalOutcome.ROLLBACK));
        OutgoingMessage message =
            OutgoingMessage.to(topic, outcome.name()).with(NOT_BEFORE_SECONDS, "2");
        OutgoingMessage back = OutgoingMessage.to(topic, "back").with(NOT_BEFORE_SECONDS, "2");

        // when
        CompletableFuture<Void> killed =
            proxy.cutBehind(TransactionLostAnswerTest::decidesOne, server::kill);
        sends.send(producer, message, outcome);
        assertThat(killed).succeedsWithin(PATIENCE);
        server.start();

        // then: by sending something it is connected again, and need not wait for its heartbeat
        within(60)
            .ignoreExceptions()
            .until(() -> sends
                .send(producer, back, LocalOutcome.ROLLBACK)
                .half()
                .status()
                .equals("SEND_OK"));
        within(60).ignoreExceptions().until(() -> requests.open(group) == 0);
      }
    }
    committedIsThereOnce(topic);
  }

  private EscrowClient newClient() {
    return EscrowClient.builder().nameServers(server.nameServer()).build();
  }

  private static List<TransactionOutcome> ends() {
    return List.of(TransactionOutcome.COMMIT, TransactionOutcome.ROLLBACK);
  }

  private List<Fields> answersTo(String group, Predicate<FrameHeader> request) {
    return exchanges(group, request).stream()
        .map(exchange -> exchange.answer().fields())
        .toList();
  }

  private List<CuttingProxy.Exchange> exchanges(String group, Predicate<FrameHeader> request) {
    return proxy.exchanges(
        request.and(header -> group.equals(header.fields().text("producerGroup"))));
  }

  private void committedIsThereOnce(String topic) {
    StoredQueues queues = new StoredQueues(clients, topic, 1);
    within(60)
        .ignoreExceptions()
        .untilAsserted(
            () -> assertThat(queues.bodies()).containsExactly(TransactionOutcome.COMMIT.name()));
  }
}
