package io.escrowmq.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.remoting.Body;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.body.MetricsTable;
import io.escrowmq.remoting.body.MetricsTable.Kind;
import io.escrowmq.remoting.body.MetricsTable.Metric;
import io.escrowmq.remoting.body.TransactionEntry;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.remoting.header.DecisionResponseHeader;
import io.escrowmq.remoting.header.OrderTransactionHeader;
import io.escrowmq.remoting.header.RecheckTransactionHeader;
import io.escrowmq.remoting.header.TransactionIdHeader;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code escrowmq tx} asks, prints and refuses, with brokers that answer what they are told. */
class TxCommandLineTest {

  private static final String SOME_ID = "7F00000100002A9F0000000000000400";

  @AutoClose
  private final TxShell shell = new TxShell();

  @Test
  void shouldAskTheBrokerThatTheIdNames() {
    // given
    AtomicReference<TransactionIdHeader> asked = new AtomicReference<>();
    shell.cluster.answer(RequestCode.SHOW_TRANSACTION, call -> {
      asked.set(TransactionIdHeader.FIELDS.read(call.fields()));
      return Reply.ok(shell.entry(1024).toBytes());
    });

    // when
    int code = shell.run("tx", "show", shell.cluster.messageId(1024));

    // then
    assertThat(code).as(shell.err()).isZero();
    assertThat(asked.get().id()).isEqualTo(1024);
    assertThat(shell.out()).contains("state        in doubt\n");
  }

  @Test
  void shouldPrintOneTransactionAsItCame() {
    // given
    shell.cluster.answer(
        RequestCode.SHOW_TRANSACTION, call -> Reply.ok(shell.entry(1024).toBytes()));

    // when
    int code = shell.run("tx", "show", shell.cluster.messageId(1024), "--output=json");

    // then
    assertThat(code).as(shell.err()).isZero();
    assertThat(TransactionEntry.read(shell.out().getBytes(UTF_8))).isEqualTo(shell.entry(1024));
  }

  @Test
  void shouldSendTheOrderWithWhoAndWhy() {
    // given
    AtomicReference<OrderTransactionHeader> ordered = new AtomicReference<>();
    shell.cluster.answer(RequestCode.ORDER_TRANSACTION, call -> {
      ordered.set(OrderTransactionHeader.FIELDS.read(call.fields()));
      return Reply.ok(
          new DecisionResponseHeader("ROLLBACK", 1_700_000_000_000L, "OPERATOR", false));
    });

    // when
    int code = shell.run(
        "tx",
        "rollback",
        shell.cluster.messageId(1024),
        "--who=ann",
        "--reason",
        "never paid, see 4711");

    // then
    assertThat(code).as(shell.err()).isZero();
    assertThat(ordered.get())
        .isEqualTo(new OrderTransactionHeader(1024, 12, "ann", "never paid, see 4711"));
    assertThat(shell.out())
        .isEqualTo(shell.cluster.messageId(1024)
            + " is rolled back, at 2023-11-14T22:13:20Z by an operator.\n");
  }

  @Test
  void shouldSayThatItHadBeenDecidedSoAlready() {
    // given
    AtomicReference<OrderTransactionHeader> ordered = new AtomicReference<>();
    shell.cluster.answer(RequestCode.ORDER_TRANSACTION, call -> {
      ordered.set(OrderTransactionHeader.FIELDS.read(call.fields()));
      return Reply.ok(new DecisionResponseHeader("COMMIT", 1_700_000_000_000L, "CHECK", true));
    });

    // when
    shell.run("tx", "commit", shell.cluster.messageId(1024), "--reason=paid");
    shell.run("tx", "commit", shell.cluster.messageId(1024), "--reason=paid", "-o=json");

    // then
    assertThat(ordered.get().who()).isEqualTo(System.getProperty("user.name"));
    assertThat(ordered.get().commitOrRollback()).isEqualTo(8);
    assertThat(shell.out().lines())
        .containsExactly(
            shell.cluster.messageId(1024) + " had been committed already, at 2023-11-14T22:13:20Z"
                + " by the producer, when it was asked.",
            "{\"verdict\":\"COMMIT\",\"decidedMillis\":1700000000000,\"decidedBy\":\"CHECK\","
                + "\"again\":true}");
  }

  @Test
  void shouldTellHowManyHalfMessagesACommitLeftOut() {
    // given
    shell.cluster.answer(
        RequestCode.ORDER_TRANSACTION,
        call -> Reply.ok(
            new DecisionResponseHeader("COMMIT", 1_700_000_000_000L, "OPERATOR", false, 2)));

    // when
    shell.run("tx", "commit", shell.cluster.messageId(1024), "--reason=paid");
    shell.run("tx", "commit", shell.cluster.messageId(1024), "--reason=paid", "-o=json");

    // then
    assertThat(shell.out().lines())
        .containsExactly(
            shell.cluster.messageId(1024) + " is committed, at 2023-11-14T22:13:20Z by an operator;"
                + " half-messages that became visible nowhere, because their topics were deleted:"
                + " 2.",
            "{\"verdict\":\"COMMIT\",\"decidedMillis\":1700000000000,\"decidedBy\":\"OPERATOR\","
                + "\"again\":false,\"leftOut\":2}");
  }

  @Test
  void shouldTellTheBrokersWordsWhenItRefuses() {
    // given
    String remark = "it was rolled back at 22:13 by an operator";
    shell.cluster.answer(
        RequestCode.ORDER_TRANSACTION,
        call -> new Reply(
            ResponseCode.TRANSACTION_DECIDED_OTHERWISE,
            remark,
            new DecisionResponseHeader("ROLLBACK", 1, "OPERATOR", true),
            Body.EMPTY));

    // when
    int code = shell.run("tx", "commit", shell.cluster.messageId(1024), "--reason=paid");

    // then
    assertThat(code).isEqualTo(1);
    assertThat(shell.out()).isEmpty();
    assertThat(shell.err().lines()).singleElement().asString().endsWith(" refused: " + remark);
  }

  @Test
  void shouldTellWhatCannotBeRead() {
    // given
    shell.cluster.answer(RequestCode.SHOW_TRANSACTION, call -> Reply.ok(new byte[] {'{'}));

    // when
    int code = shell.run("tx", "show", shell.cluster.messageId(1024));

    // then
    assertThat(code).isEqualTo(1);
    assertThat(shell.err()).contains("cannot be read").doesNotContain("Exception");
  }

  @Test
  void shouldHaveProducersAskedAnew() {
    // given
    AtomicReference<RecheckTransactionHeader> asked = new AtomicReference<>();
    shell.cluster.answer(RequestCode.RECHECK_TRANSACTION, call -> {
      asked.set(RecheckTransactionHeader.FIELDS.read(call.fields()));
      return Reply.ok();
    });

    // when
    int code = shell.run("tx", "recheck", shell.cluster.messageId(1024), "--who=ann");

    // then
    assertThat(code).as(shell.err()).isZero();
    assertThat(asked.get()).isEqualTo(new RecheckTransactionHeader(1024, "ann"));
    assertThat(shell.out())
        .isEqualTo("The producers of " + shell.cluster.messageId(1024) + " are asked anew.\n");
  }

  @Test
  void shouldPrintWhatBrokersCount() {
    // given
    shell.cluster.master("broker-a");
    MetricsTable metrics =
        new MetricsTable(List.of(new Metric("tx_open", "half-messages in escrow", Kind.GAUGE, 3)));
    shell.cluster.answer(RequestCode.GET_METRICS, call -> Reply.ok(metrics.toBytes()));

    // when
    shell.tx("metrics");
    shell.tx("metrics", "-o", "json");

    // then
    assertThat(shell.out()).isEqualTo("""
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
    int code = shell.run(line.split(" ", -1));

    // then
    assertThat(code).isEqualTo(2);
    assertThat(shell.out()).isEmpty();
    assertThat(shell.err()).contains(told);
  }

  @Test
  void shouldShowTheCommandsAndWhatTheyTake() {
    assertThat(shell.run("tx", "--help")).isZero();
    assertThat(shell.out()).contains("list", "show", "commit", "rollback", "recheck", "metrics");
    assertThat(shell.run("tx", "commit", "--help")).isZero();
    assertThat(shell.out()).contains("Usage: escrowmq tx commit", "--reason=TEXT", "ID");
    assertThat(shell.err()).isEmpty();
  }

  @Test
  void shouldShowTheStackTraceWhenAskedTo() {
    // when
    shell.run("tx", "list", "--debug", "--namesrv", TestCluster.nobody());

    // then
    assertThat(shell.err()).contains("\tat ");
  }
}
