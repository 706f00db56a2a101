package io.escrowmq.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.header.ListTransactionsHeader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code escrowmq tx list} asks and prints, with brokers that answer what they are told. */
class TxListCommandTest {

  @AutoClose
  private final TxShell shell = new TxShell();

  @Test
  void shouldListTheTransactionsOfEveryMaster() {
    // given
    shell.cluster.master("broker-b").master("broker-a");
    shell.cluster.answer(RequestCode.LIST_TRANSACTIONS, shell::one);

    // when
    int code = shell.tx("list");

    // then
    assertThat(code).as(shell.err()).isZero();
    assertThat(shell.out().lines()).hasSize(4);
    assertThat(shell.out())
        .startsWith("ID ")
        .contains(shell.cluster.messageId(1024) + "  orders  Orders  ")
        .contains("Listed: 2 of 2 open transactions. Suspended: 0. Half-messages: 2, ");
    assertThat(shell.err()).isEmpty();
  }

  @Test
  void shouldAskForWhatTheOptionsSay() {
    // given
    shell.cluster.master("broker-a");
    AtomicReference<ListTransactionsHeader> asked = new AtomicReference<>();
    shell.cluster.answer(RequestCode.LIST_TRANSACTIONS, call -> {
      asked.set(ListTransactionsHeader.FIELDS.read(call.fields()));
      return Reply.ok(shell.list().toBytes());
    });

    // when
    int code = shell.tx("list", "--group=orders", "--older-than=10m", "--suspended");

    // then
    assertThat(code).as(shell.err()).isZero();
    assertThat(asked.get())
        .isEqualTo(new ListTransactionsHeader("orders", 600_000, true, -1, 1000));
    assertThat(shell.out()).isEqualTo("No transaction is open.\n");
  }

  /** Brokers end pages early for reasons of their own. */
  @ParameterizedTest
  @ValueSource(ints = {1, 999, 1000})
  void shouldTurnPagesUntilOneIsEmpty(int pageSize) {
    // given
    shell.cluster.master("broker-a");
    List<Long> pages = new ArrayList<>();
    shell.cluster.answer(RequestCode.LIST_TRANSACTIONS, call -> {
      long after = ListTransactionsHeader.FIELDS.read(call.fields()).after();
      pages.add(after);
      return Reply.ok(shell
          .list(LongStream.rangeClosed(after + 1, Math.min(after + pageSize, pageSize))
              .toArray())
          .toBytes());
    });

    // when
    int code = shell.tx("list");

    // then
    assertThat(code).as(shell.err()).isZero();
    assertThat(pages).containsExactly(-1L, pageSize - 1L, (long) pageSize);
    assertThat(shell.out().lines()).hasSize(1 + pageSize + 1 + 1);
  }

  @Test
  void shouldRefuseAPageThatDoesNotGoOn() {
    // given
    shell.cluster.master("broker-a");
    shell.cluster.answer(
        RequestCode.LIST_TRANSACTIONS, call -> Reply.ok(shell.list(1024).toBytes()));

    // when
    int code = shell.tx("list");

    // then
    assertThat(code).isEqualTo(1);
    assertThat(shell.err()).contains("a page of transactions after 1024 ends with 1024");
  }

  @Test
  void shouldPrintWhatCameForPrograms() throws IOException {
    // given
    shell.cluster.master("broker-a").master("broker-b");
    shell.cluster.answer(RequestCode.LIST_TRANSACTIONS, shell::one);

    // when
    int code = shell.tx("list", "-o", "json");

    // then
    assertThat(code).as(shell.err()).isZero();
    List<String> lines = shell.out().lines().toList();
    assertThat(lines).hasSize(2);
    JsonNode second = new ObjectMapper().readTree(lines.get(1));
    assertThat(second.get("broker").asText()).isEqualTo("broker-b");
    assertThat(second.get("list").get(0).get("id").asLong()).isEqualTo(1024);
  }

  @Test
  void shouldListWhatItCanAndTellWhoWasNotThere() {
    // given
    shell.cluster.master("broker-a", TestCluster.nobody()).master("broker-b");
    shell.cluster.answer(RequestCode.LIST_TRANSACTIONS, shell::one);

    // when
    int code = shell.tx("list");

    // then
    assertThat(code).isEqualTo(1);
    assertThat(shell.out()).contains(shell.cluster.messageId(1024), "Listed: 1 of 1");
    assertThat(shell.err().lines())
        .singleElement()
        .asString()
        .contains("not connected to " + TestCluster.nobody());
  }

  @Test
  void shouldEndWithThreeWhenNoNameServerIsReachable() {
    // when
    int code = shell.run("tx", "list", "--namesrv", TestCluster.nobody());

    // then
    assertThat(code).isEqualTo(3);
    assertThat(shell.err()).contains("not connected to " + TestCluster.nobody());
  }

  @Test
  void shouldAskTheNextNameServerWhenOneIsGone() {
    // given
    shell.cluster.master("broker-a");
    shell.cluster.answer(
        RequestCode.LIST_TRANSACTIONS, call -> Reply.ok(shell.list().toBytes()));

    // when
    int code =
        shell.run("tx", "list", "--namesrv", TestCluster.nobody() + "," + shell.cluster.address());

    // then
    assertThat(code).as(shell.err()).isZero();
  }

  @Test
  void shouldEndWithThreeWhenNoMasterIsKnownOrReachable() {
    assertThat(shell.tx("list")).isEqualTo(3);
    assertThat(shell.err()).contains("knows no master");

    shell.cluster.master("broker-a", TestCluster.nobody());
    assertThat(shell.tx("metrics")).isEqualTo(3);
  }
}
