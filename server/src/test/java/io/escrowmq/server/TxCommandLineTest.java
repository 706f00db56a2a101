package io.escrowmq.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.escrowmq.remoting.Body;
import io.escrowmq.remoting.Call;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.body.MetricsTable;
import io.escrowmq.remoting.body.MetricsTable.Kind;
import io.escrowmq.remoting.body.MetricsTable.Metric;
import io.escrowmq.remoting.body.TransactionEntry;
import io.escrowmq.remoting.body.TransactionEntry.Half;
import io.escrowmq.remoting.body.TransactionEntry.State;
import io.escrowmq.remoting.body.TransactionList;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.header.DecisionResponseHeader;
import io.escrowmq.remoting.header.ListTransactionsHeader;
import io.escrowmq.remoting.header.OrderTransactionHeader;
import io.escrowmq.remoting.header.RecheckTransactionHeader;
import io.escrowmq.remoting.header.TransactionIdHeader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code escrowmq tx} asks, prints and refuses, with brokers that answer what they are told. */
class TxCommandLineTest {

  private static final String SOME_ID = "7F00000100002A9F0000000000000400";

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final TestCluster cluster = new TestCluster();

  @AfterEach
  void close() {
    cluster.close();
  }

  @Test
  void shouldListTheTransactionsOfEveryMaster() {
    // given
    cluster.master("broker-b").master("broker-a");
    cluster.answer(RequestCode.LIST_TRANSACTIONS, this::one);

    // when
    int code = tx("list");

    // then
    assertThat(code).as(err()).isZero();
    assertThat(out().lines()).hasSize(4);
    assertThat(out())
        .startsWith("ID ")
        .contains(cluster.messageId(1024) + "  orders  Orders  ")
        .contains("Listed: 2 of 2 open transactions. Suspended: 0. Half-messages: 2, ");
    assertThat(err()).isEmpty();
  }

  @Test
  void shouldAskForWhatTheOptionsSay() {
    // given
    cluster.master("broker-a");
    AtomicReference<ListTransactionsHeader> asked = new AtomicReference<>();
    cluster.answer(RequestCode.LIST_TRANSACTIONS, call -> {
      asked.set(ListTransactionsHeader.FIELDS.read(call.fields()));
      return Reply.ok(list().toBytes());
    });

    // when
    int code = tx("list", "--group=orders", "--older-than=10m", "--suspended");

    // then
    assertThat(code).as(err()).isZero();
    assertThat(asked.get())
        .isEqualTo(new ListTransactionsHeader("orders", 600_000, true, -1, 1000));
    assertThat(out()).isEqualTo("No transaction is open.\n");
  }

  /** Brokers end pages early for reasons of their own. */
  @ParameterizedTest
  @ValueSource(ints = {1, 999, 1000})
  void shouldTurnPagesUntilOneIsEmpty(int pageSize) {
    // given
    cluster.master("broker-a");
    List<Long> pages = new ArrayList<>();
    cluster.answer(RequestCode.LIST_TRANSACTIONS, call -> {
      long after = ListTransactionsHeader.FIELDS.read(call.fields()).after();
      pages.add(after);
      return Reply.ok(list(LongStream.rangeClosed(after + 1, Math.min(after + pageSize, pageSize))
              .toArray())
          .toBytes());
    });

    // when
    int code = tx("list");

    // then
    assertThat(code).as(err()).isZero();
    assertThat(pages).containsExactly(-1L, pageSize - 1L, (long) pageSize);
    assertThat(out().lines()).hasSize(1 + pageSize + 1 + 1);
  }

  @Test
  void shouldRefuseAPageThatDoesNotGoOn() {
    // given
    cluster.master("broker-a");
    cluster.answer(RequestCode.LIST_TRANSACTIONS, call -> Reply.ok(list(1024).toBytes()));

    // when
    int code = tx("list");

    // then
    assertThat(code).isEqualTo(1);
    assertThat(err()).contains("a page of transactions after 1024 ends with 1024");
  }

  @Test
  void shouldPrintWhatCameForPrograms() throws IOException {
    // given
    cluster.master("broker-a").master("broker-b");
    cluster.answer(RequestCode.LIST_TRANSACTIONS, this::one);

    // when
    int code = tx("list", "-o", "json");

    // then
    assertThat(code).as(err()).isZero();
    List<String> lines = out().lines().toList();
    assertThat(lines).hasSize(2);
    JsonNode second = new ObjectMapper().readTree(lines.get(1));
    assertThat(second.get("broker").asText()).isEqualTo("broker-b");
    assertThat(second.get("list").get(0).get("id").asLong()).isEqualTo(1024);
  }

  @Test
  void shouldListWhatItCanAndTellWhoWasNotThere() {
    // given
    cluster.master("broker-a", TestCluster.nobody()).master("broker-b");
    cluster.answer(RequestCode.LIST_TRANSACTIONS, this::one);

    // when
    int code = tx("list");

    // then
    assertThat(code).isEqualTo(1);
    assertThat(out()).contains(cluster.messageId(1024), "Listed: 1 of 1");
    assertThat(err().lines())
        .singleElement()
        .asString()
        .contains("not connected to " + TestCluster.nobody());
  }

  @Test
  void shouldEndWithThreeWhenNoNameServerIsReachable() {
    // when
    int code = run("tx", "list", "--namesrv", TestCluster.nobody());

    // then
    assertThat(code).isEqualTo(3);
    assertThat(err()).contains("not connected to " + TestCluster.nobody());
  }

  @Test
  void shouldAskTheNextNameServerWhenOneIsGone() {
    // given
    cluster.master("broker-a");
    cluster.answer(RequestCode.LIST_TRANSACTIONS, call -> Reply.ok(list().toBytes()));

    // when
    int code = run("tx", "list", "--namesrv", TestCluster.nobody() + "," + cluster.address());

    // then
    assertThat(code).as(err()).isZero();
  }

  @Test
  void shouldEndWithThreeWhenNoMasterIsKnownOrReachable() {
    assertThat(tx("list")).isEqualTo(3);
    assertThat(err()).contains("knows no master");

    cluster.master("broker-a", TestCluster.nobody());
    assertThat(tx("metrics")).isEqualTo(3);
  }

  @Test
  void shouldAskTheBrokerThatTheIdNames() {
    // given
    AtomicReference<TransactionIdHeader> asked = new AtomicReference<>();
    cluster.answer(RequestCode.SHOW_TRANSACTION, call -> {
      asked.set(TransactionIdHeader.FIELDS.read(call.fields()));
      return Reply.ok(entry(1024).toBytes());
    });

    // when
    int code = run("tx", "show", cluster.messageId(1024));

    // then
    assertThat(code).as(err()).isZero();
    assertThat(asked.get().id()).isEqualTo(1024);
    assertThat(out()).contains("state        in doubt\n");
  }

  @Test
  void shouldPrintOneTransactionAsItCame() {
    // given
    cluster.answer(RequestCode.SHOW_TRANSACTION, call -> Reply.ok(entry(1024).toBytes()));

    // when
    int code = run("tx", "show", cluster.messageId(1024), "--output=json");

    // then
    assertThat(code).as(err()).isZero();
    assertThat(TransactionEntry.read(out().getBytes(UTF_8))).isEqualTo(entry(1024));
  }

  @Test
  void shouldSendTheOrderWithWhoAndWhy() {
    // given
    AtomicReference<OrderTransactionHeader> ordered = new AtomicReference<>();
    cluster.answer(RequestCode.ORDER_TRANSACTION, call -> {
      ordered.set(OrderTransactionHeader.FIELDS.read(call.fields()));
      return Reply.ok(
          new DecisionResponseHeader("ROLLBACK", 1_700_000_000_000L, "OPERATOR", false));
    });

    // when
    int code = run(
        "tx", "rollback", cluster.messageId(1024), "--who=ann", "--reason", "never paid, see 4711");

    // then
    assertThat(code).as(err()).isZero();
    assertThat(ordered.get())
        .isEqualTo(new OrderTransactionHeader(1024, 12, "ann", "never paid, see 4711"));
    assertThat(out())
        .isEqualTo(
            cluster.messageId(1024) + " is rolled back, at 2023-11-14T22:13:20Z by an operator.\n");
  }

  @Test
  void shouldSayThatItHadBeenDecidedSoAlready() {
    // given
    AtomicReference<OrderTransactionHeader> ordered = new AtomicReference<>();
    cluster.answer(RequestCode.ORDER_TRANSACTION, call -> {
      ordered.set(OrderTransactionHeader.FIELDS.read(call.fields()));
      return Reply.ok(new DecisionResponseHeader("COMMIT", 1_700_000_000_000L, "CHECK", true));
    });

    // when
    run("tx", "commit", cluster.messageId(1024), "--reason=paid");
    run("tx", "commit", cluster.messageId(1024), "--reason=paid", "-o=json");

    // then
    assertThat(ordered.get().who()).isEqualTo(System.getProperty("user.name"));
    assertThat(ordered.get().commitOrRollback()).isEqualTo(8);
    assertThat(out().lines())
        .containsExactly(
            cluster.messageId(1024) + " had been committed already, at 2023-11-14T22:13:20Z"
                + " by the producer, when it was asked.",
            "{\"verdict\":\"COMMIT\",\"decidedMillis\":1700000000000,\"decidedBy\":\"CHECK\","
                + "\"again\":true}");
  }

  @Test
  void shouldTellTheBrokersWordsWhenItRefuses() {
    // given
    String remark = "it was rolled back at 22:13 by an operator";
    cluster.answer(
        RequestCode.ORDER_TRANSACTION,
        call -> new Reply(
            ResponseCode.TRANSACTION_DECIDED_OTHERWISE,
            remark,
            new DecisionResponseHeader("ROLLBACK", 1, "OPERATOR", true),
            Body.EMPTY));

    // when
    int code = run("tx", "commit", cluster.messageId(1024), "--reason=paid");

    // then
    assertThat(code).isEqualTo(1);
    assertThat(out()).isEmpty();
    assertThat(err().lines()).singleElement().asString().endsWith(" refused: " + remark);
  }

  @Test
  void shouldTellWhatCannotBeRead() {
    // given
    cluster.answer(RequestCode.SHOW_TRANSACTION, call -> Reply.ok(new byte[] {'{'}));

    // when
    int code = run("tx", "show", cluster.messageId(1024));

    // then
    assertThat(code).isEqualTo(1);
    assertThat(err()).contains("cannot be read").doesNotContain("Exception");
  }

  @Test
  void shouldHaveProducersAskedAnew() {
    // given
    AtomicReference<RecheckTransactionHeader> asked = new AtomicReference<>();
    cluster.answer(RequestCode.RECHECK_TRANSACTION, call -> {
      asked.set(RecheckTransactionHeader.FIELDS.read(call.fields()));
      return Reply.ok();
    });

    // when
    int code = run("tx", "recheck", cluster.messageId(1024), "--who=ann");

    // then
    assertThat(code).as(err()).isZero();
    assertThat(asked.get()).isEqualTo(new RecheckTransactionHeader(1024, "ann"));
    assertThat(out())
        .isEqualTo("The producers of " + cluster.messageId(1024) + " are asked anew.\n");
  }

  @Test
  void shouldPrintWhatBrokersCount() {
    // given
    cluster.master("broker-a");
    MetricsTable metrics =
        new MetricsTable(List.of(new Metric("tx_open", "half-messages in escrow", Kind.GAUGE, 3)));
    cluster.answer(RequestCode.GET_METRICS, call -> Reply.ok(metrics.toBytes()));

    // when
    tx("metrics");
    tx("metrics", "-o", "json");

    // then
    assertThat(out()).isEqualTo("""
        BROKER    NAME     VALUE  KIND   MEANING
        broker-a  tx_open  3      gauge  half-messages in escrow
        {"broker":"broker-a","metrics":[{"name":"tx_open","help":"half-messages in escrow",\
        "kind":"gauge","value":3}]}
        """);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "tx | Missing required subcommand",
        "tx lst | Did you mean",
        "tx show | Missing required parameter: 'ID'",
        "tx show 1024 | '1024' is not the id of a half-message, which has 32 hex digits",
        "tx show 0A00000900011F00000000000000000 | is not the id of a half-message",
        "tx commit " + SOME_ID + " | Missing required option: '--reason=TEXT'",
        "tx commit " + SOME_ID + " --reason= | it must not be empty",
        "tx commit " + SOME_ID + " --reason=x --who= | it must not be empty",
        "tx list --older-than=10 | '10': write a number with a unit: 500ms, 6s, 10m, 1h.",
        "tx list --namesrv=here | 'here': write HOST:PORT",
        "tx list -o xml | expected one of [TABLE, JSON]",
      })
  void shouldRefuseACommandLineThatIsNotUnderstood(String line, String told) {
    // when
    int code = run(line.split(" ", -1));

    // then
    assertThat(code).isEqualTo(2);
    assertThat(out()).isEmpty();
    assertThat(err()).contains(told);
  }

  @Test
  void shouldShowTheCommandsAndWhatTheyTake() {
    assertThat(run("tx", "--help")).isZero();
    assertThat(out()).contains("list", "show", "commit", "rollback", "recheck", "metrics");
    assertThat(run("tx", "commit", "--help")).isZero();
    assertThat(out()).contains("Usage: escrowmq tx commit", "--reason=TEXT", "ID");
    assertThat(err()).isEmpty();
  }

  @Test
  void shouldShowTheStackTraceWhenAskedTo() {
    // when
    run("tx", "list", "--debug", "--namesrv", TestCluster.nobody());

    // then
    assertThat(err()).contains("\tat ");
  }

  /** One transaction, and no more. */
  private Reply one(Call call) {
    boolean isFirst = ListTransactionsHeader.FIELDS.read(call.fields()).after() < 0;
    return Reply.ok((isFirst ? list(1024) : list()).toBytes());
  }

  private TransactionList list(long... ids) {
    return listOf(LongStream.of(ids).mapToObj(this::entry).toArray(TransactionEntry[]::new));
  }

  private static TransactionList listOf(TransactionEntry... entries) {
    List<TransactionEntry> page = List.of(entries);
    return new TransactionList(page.size(), 412L * page.size(), page.size(), 0, 61_000, page);
  }

  private TransactionEntry entry(long id) {
    return entry(id, List.of(new Half(cluster.messageId(id), "Orders", 0, null, null, null, 412)));
  }

  private TransactionEntry entry(long id, List<Half> halves) {
    String messageId = cluster.messageId(id);
    return new TransactionEntry(
        id,
        messageId,
        null,
        "orders",
        State.IN_DOUBT,
        1_700_000_000_000L,
        0,
        1_700_000_006_000L,
        "10.0.0.9:50312",
        halves,
        null);
  }

  private int tx(String... arguments) {
    return run(
        Stream.of(Stream.of("tx"), Stream.of(arguments), Stream.of("--namesrv", cluster.address()))
            .flatMap(words -> words)
            .toArray(String[]::new));
  }

  private int run(String... arguments) {
    PrintWriter told = new PrintWriter(err, true);
    return Main.commandLine(Map.of(), new Exit(told), new PrintWriter(out, true), told)
        .execute(arguments);
  }

  private String out() {
    return out.toString();
  }

  private String err() {
    return err.toString();
  }
}
