package io.escrowmq.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.escrowmq.remoting.Answer;
import io.escrowmq.remoting.Body;
import io.escrowmq.remoting.Request;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.header.SendMessageHeader;
import io.escrowmq.remoting.header.SendResponseHeader;
import io.escrowmq.remoting.message.Properties;
import io.escrowmq.remoting.message.PropertyNames;
import io.escrowmq.remoting.message.SysFlags;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code escrowmq tx} on a real server: half-messages are sent, looked at and decided by hand. */
class TxCommandTest {

  @TempDir
  private Path directory;

  private CommandBed bed;

  @BeforeEach
  void start() {
    bed = new CommandBed(directory, "tx.first-check=1h");
  }

  @AfterEach
  void stop() {
    bed.close();
  }

  @Test
  void shouldSayThatNothingIsOpen() {
    assertThat(tx("list")).as(bed.err()).isZero();
    assertThat(bed.out()).isEqualTo("No transaction is open.\n");
  }

  @Test
  void shouldListWhatIsInEscrowByGroupAgeAndState() throws IOException {
    // given
    String ofOrders = half("orders", "T1");
    String ofMail = half("mail", "T2");

    // then
    assertThat(tx("list")).as(bed.err()).isZero();
    assertThat(bed.out())
        .contains(ofOrders + "  orders  T1 ", ofMail + "  mail ", "in 59m", "Listed: 2 of 2 ");

    assertThat(tx("list", "--group", "mail")).as(bed.err()).isZero();
    assertThat(bed.out()).contains(ofMail, "Listed: 1 of 2 ").doesNotContain(ofOrders);

    assertThat(tx("list", "--older-than=1h")).as(bed.err()).isZero();
    assertThat(bed.out()).startsWith("Listed: 0 of 2 ");

    assertThat(tx("list", "--suspended", "-o", "json")).as(bed.err()).isZero();
    JsonNode json = new ObjectMapper().readTree(bed.out());
    assertThat(json.get("broker").asText()).isEqualTo("broker-a");
    assertThat(json.get("open").asLong()).isEqualTo(2);
    assertThat(json.get("list")).isEmpty();
  }

  @Test
  void shouldCommitOnceAndTellWhoAndWhy() {
    // given
    String id = half("orders", "T1");
    assertThat(tx("show", id)).as(bed.err()).isZero();
    assertThat(bed.out()).contains("group        orders\n", "state        in doubt\n", " T1 ");

    // when
    assertThat(tx("commit", id, "--who=ann", "--reason=paid by hand"))
        .as(bed.err())
        .isZero();

    // then
    assertThat(bed.out()).startsWith(id + " is committed, at ").endsWith(" by an operator.\n");
    assertThat(tx("show", id)).as(bed.err()).isZero();
    assertThat(bed.out())
        .contains("state        committed\n", " by operator ann\n", "reason       paid by hand\n");
    assertThat(tx("commit", id, "--reason=again")).as(bed.err()).isZero();
    assertThat(bed.out()).startsWith(id + " had been committed already, at ");
    assertThat(tx("list")).as(bed.err()).isZero();
    assertThat(bed.out()).isEqualTo("No transaction is open.\n");
  }

  @Test
  void shouldRefuseToDecideOtherwise() {
    // given
    String id = half("orders", "T1");
    assertThat(tx("rollback", id, "--who=ann", "--reason=never paid"))
        .as(bed.err())
        .isZero();

    // when
    int code = tx("commit", id, "--reason=paid after all");

    // then
    assertThat(code).isEqualTo(1);
    assertThat(bed.out()).isEmpty();
    assertThat(bed.err()).contains("refused: ");
    assertThat(tx("show", id)).as(bed.err()).isZero();
    assertThat(bed.out()).contains("state        rolled back\n", "reason       never paid\n");
  }

  @Test
  void shouldHaveAProducerAskedAnew() {
    // given
    String id = half("orders", "T1");

    // when
    assertThat(tx("recheck", id)).as(bed.err()).isZero();

    // then
    assertThat(tx("list")).as(bed.err()).isZero();
    assertThat(bed.out()).contains(id).doesNotContain("in 59m");
  }

  @Test
  void shouldRefuseWhatItDoesNotKnow() {
    // given
    String id = half("orders", "T1");
    String unknown = id.substring(0, 16) + "00000000000F0000";

    // then
    assertThat(tx("show", unknown)).isEqualTo(1);
    assertThat(bed.err()).contains("refused: ");
    assertThat(tx("recheck", unknown)).isEqualTo(1);
    assertThat(tx("commit", unknown, "--reason=x")).isEqualTo(1);
  }

  @Test
  void shouldPrintTheBrokersCounters() throws IOException {
    // given
    half("orders", "T1");

    // when
    assertThat(tx("metrics")).as(bed.err()).isZero();

    // then
    assertThat(bed.out()).startsWith("BROKER ").contains("broker-a  ", " gauge ", " counter ");
    assertThat(tx("metrics", "-o", "json")).as(bed.err()).isZero();
    assertThat(new ObjectMapper().readTree(bed.out()).get("metrics")).isNotEmpty();
  }

  /** Sends a half-message that nobody decides; its id. */
  private String half(String group, String topic) {
    Map<String, String> properties = new LinkedHashMap<>();
    properties.put(PropertyNames.HALF, "true");
    properties.put(PropertyNames.PRODUCER_GROUP, group);
    SendMessageHeader header = new SendMessageHeader(
        group,
        topic,
        "TBW102",
        4,
        0,
        SysFlags.TRANSACTION_PREPARED,
        System.currentTimeMillis(),
        0,
        Properties.format(properties),
        0,
        false,
        -1,
        false);
    Answer answer = bed.askBroker(
        new Request(RequestCode.SEND_MESSAGE_V2, header, Body.of("hello".getBytes(UTF_8))));
    assertThat(answer.isOk()).as(answer.remark()).isTrue();
    return SendResponseHeader.FIELDS.read(answer.fields()).messageId();
  }

  private int tx(String... arguments) {
    return bed.run("tx", arguments);
  }
}
