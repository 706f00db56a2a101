package io.escrowmq.remoting.body;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.escrowmq.remoting.Garbage;
import io.escrowmq.remoting.body.TransactionEntry.Half;
import io.escrowmq.remoting.body.TransactionEntry.State;
import io.escrowmq.remoting.body.TransactionEntry.Verdict;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The bodies of the requests that EscrowMQ adds to the protocol, as docs/wire.md shows them. */
class OwnBodiesTest {

  private static final String ID = "7F00000100002A9F0000000000000400";

  private static final String OPEN = "{\"id\":1024,\"messageId\":\"" + ID + "\","
      + "\"transaction\":\"order-7\",\"group\":\"orders\",\"state\":\"IN_DOUBT\","
      + "\"recordedMillis\":1700000000000,\"checks\":2,\"nextCheckMillis\":1700000036000,"
      + "\"client\":\"10.0.0.9:50312\",\"halves\":[{\"messageId\":\"" + ID + "\","
      + "\"topic\":\"Orders\",\"queueId\":3,\"uniqueKey\":\"0A00000900011F\",\"keys\":\"o7 c9\","
      + "\"tags\":\"new\",\"bytes\":412}]}";

  private static final String ORDERED = "{\"id\":1024,\"messageId\":\"" + ID + "\","
      + "\"group\":\"orders\",\"state\":\"COMMITTED\",\"recordedMillis\":1,\"checks\":15,"
      + "\"nextCheckMillis\":0,\"client\":\"\",\"halves\":[],\"decision\":{\"verdict\":\"COMMIT\","
      + "\"by\":\"OPERATOR\",\"millis\":2,\"who\":\"ann\",\"reason\":\"paid\"}}";

  private static final String CHANGED =
      "{\"since\":{\"counter\":7,\"stateVersion\":0,\"timestamp\":1700000000000},"
          + "\"version\":{\"counter\":9,\"stateVersion\":0,\"timestamp\":1700000000001},"
          + "\"topics\":{\"T\":{\"attributes\":{},\"order\":false,\"perm\":6,\"readQueueNums\":4,"
          + "\"topicFilterType\":\"SINGLE_TAG\",\"topicName\":\"T\",\"topicSysFlag\":0,"
          + "\"writeQueueNums\":4}},\"gone\":[\"U\"]}";

  private static final TransactionEntry OPEN_ENTRY = new TransactionEntry(
      1024,
      ID,
      "order-7",
      "orders",
      State.IN_DOUBT,
      1_700_000_000_000L,
      2,
      1_700_000_036_000L,
      "10.0.0.9:50312",
      List.of(new Half(ID, "Orders", 3, "0A00000900011F", "o7 c9", "new", 412)),
      null);

  @Test
  void shouldWriteAndReadAnOpenTransaction() {
    assertThat(text(OPEN_ENTRY)).isEqualTo(OPEN);
    assertThat(TransactionEntry.read(utf8(OPEN))).isEqualTo(OPEN_ENTRY);
  }

  @Test
  void shouldWriteAndReadATransactionWithItsDecision() {
    // given
    TransactionEntry entry = new TransactionEntry(
        1024,
        ID,
        null,
        "orders",
        State.COMMITTED,
        1,
        15,
        0,
        "",
        List.of(),
        new Verdict("COMMIT", "OPERATOR", 2, "ann", "paid"));

    // then
    assertThat(text(entry)).isEqualTo(ORDERED);
    assertThat(TransactionEntry.read(utf8(ORDERED))).isEqualTo(entry);
  }

  @Test
  void shouldReadNullMembersAsMissingOnes() {
    String nulls = OPEN.replace("\"order-7\"", "null")
        .replace("\"new\"", "null")
        .replace("}]}", "}],\"decision\":null}");

    TransactionEntry entry = TransactionEntry.read(utf8(nulls));

    assertThat(entry.transaction()).isNull();
    assertThat(entry.halves().get(0).tags()).isNull();
    assertThat(entry.decision()).isNull();
  }

  @Test
  void shouldWriteAndReadAListOfTransactions() {
    // given
    String golden = "{\"open\":3,\"openBytes\":1300,\"transactions\":2,\"suspended\":1,"
        + "\"oldestMillis\":61000,\"list\":[" + OPEN + "]}";
    TransactionList list = new TransactionList(3, 1300, 2, 1, 61_000, List.of(OPEN_ENTRY));

    // then
    assertThat(text(list)).isEqualTo(golden);
    assertThat(TransactionList.read(utf8(golden))).isEqualTo(list);
  }

  @Test
  void shouldWriteAndReadMetrics() {
    // given
    String golden = "{\"metrics\":[{\"name\":\"tx_open\",\"help\":\"half-messages in escrow\","
        + "\"kind\":\"gauge\",\"value\":3},{\"name\":\"tx_commits\",\"help\":\"commits\","
        + "\"kind\":\"counter\",\"value\":9}]}";
    MetricsTable table = new MetricsTable(List.of(
        new MetricsTable.Metric("tx_open", "half-messages in escrow", MetricsTable.Kind.GAUGE, 3),
        new MetricsTable.Metric("tx_commits", "commits", MetricsTable.Kind.COUNTER, 9)));

    // then
    assertThat(text(table)).isEqualTo(golden);
    assertThat(MetricsTable.read(utf8(golden))).isEqualTo(table);
  }

  @Test
  void shouldNameTheMemberThatIsMissingOrUnknown() {
    assertThatThrownBy(() -> TransactionEntry.read(utf8(OPEN.replace("group", "grp"))))
        .isInstanceOf(BadBodyException.class)
        .hasMessageContaining("'group'");
    assertThatThrownBy(() -> TransactionEntry.read(utf8(OPEN.replace("IN_DOUBT", "LOST"))))
        .isInstanceOf(BadBodyException.class)
        .hasMessageContaining("LOST");
    assertThatThrownBy(
            () -> MetricsTable.read(utf8("{\"metrics\":[{\"name\":\"x\",\"kind\":\"dial\"}]}")))
        .isInstanceOf(BadBodyException.class)
        .hasMessageContaining("dial");
  }

  @Test
  void shouldWriteAndReadWhatChangedAmongTopics() {
    // given
    TopicUpdates changes = new TopicUpdates(
        new DataVersion(7, 0, 1_700_000_000_000L),
        new DataVersion(9, 0, 1_700_000_000_001L),
        Map.of("T", new TopicConfig("T", 4, 4, 6, false, 0, false, Map.of())),
        List.of("U"));

    // then
    assertThat(text(changes)).isEqualTo(CHANGED);
    assertThat(TopicUpdates.read(utf8(CHANGED))).isEqualTo(changes);
  }

  @Test
  void shouldSurviveGarbage() {
    Garbage.feed(utf8(CHANGED), 3, bytes -> TopicUpdates.read(bytes), BadBodyException.class);
    Garbage.feed(utf8(OPEN), 1, bytes -> TransactionEntry.read(bytes), BadBodyException.class);
    Garbage.feed(utf8(ORDERED), 2, bytes -> TransactionEntry.read(bytes), BadBodyException.class);
  }

  private static String text(JsonBody body) {
    return new String(body.toBytes(), UTF_8);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(UTF_8);
  }
}
