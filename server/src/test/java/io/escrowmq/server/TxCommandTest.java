package io.escrowmq.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.escrowmq.remoting.Answer;
import io.escrowmq.remoting.Body;
import io.escrowmq.remoting.RemotingSettings;
import io.escrowmq.remoting.Request;
import io.escrowmq.remoting.RequestTable;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.header.SendMessageHeader;
import io.escrowmq.remoting.header.SendResponseHeader;
import io.escrowmq.remoting.message.Properties;
import io.escrowmq.remoting.message.PropertyNames;
import io.escrowmq.remoting.message.SysFlags;
import io.escrowmq.remoting.netty.NettyRemotingClient;
import io.escrowmq.server.settings.Role;
import io.escrowmq.server.settings.Settings;
import io.escrowmq.store.RealFileSystem;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code escrowmq tx} on a real server: half-messages are sent, looked at and decided by hand. */
class TxCommandTest {

  private final NettyRemotingClient client =
      new NettyRemotingClient(RequestTable.of(), RemotingSettings.forClient());

  @TempDir
  private Path directory;

  private Node node;
  private String out = "";
  private String err = "";

  @BeforeEach
  void start() {
    Settings settings = Settings.resolve(
        Role.SERVER,
        null,
        Map.of(),
        List.of(
            "namesrv.listen=127.0.0.1:0",
            "broker.listen=127.0.0.1:0",
            "store.segment-bytes=16MiB",
            "store.dir=" + directory,
            "tx.first-check=1h"));
    node = new Node(settings, new RealFileSystem(), InstantSource.system(), new SystemTicker());
    node.start();
  }

  @AfterEach
  void stop() {
    client.close();
    node.close();
  }

  @Test
  void shouldSayThatNothingIsOpen() {
    assertThat(tx("list")).as(err).isZero();
    assertThat(out).isEqualTo("No transaction is open.\n");
  }

  @Test
  void shouldListWhatIsInEscrowByGroupAgeAndState() throws IOException {
    // given
    String ofOrders = half("orders", "T1");
    String ofMail = half("mail", "T2");

    // then
    assertThat(tx("list")).as(err).isZero();
    assertThat(out)
        .contains(ofOrders + "  orders  T1 ", ofMail + "  mail ", "in 59m", "Listed: 2 of 2 ");

    assertThat(tx("list", "--group", "mail")).as(err).isZero();
    assertThat(out).contains(ofMail, "Listed: 1 of 2 ").doesNotContain(ofOrders);

    assertThat(tx("list", "--older-than=1h")).as(err).isZero();
    assertThat(out).startsWith("Listed: 0 of 2 ");

    assertThat(tx("list", "--suspended", "-o", "json")).as(err).isZero();
    JsonNode json = new ObjectMapper().readTree(out);
    assertThat(json.get("broker").asText()).isEqualTo("broker-a");
    assertThat(json.get("open").asLong()).isEqualTo(2);
    assertThat(json.get("list")).isEmpty();
  }

  @Test
  void shouldCommitOnceAndTellWhoAndWhy() {
    // given
    String id = half("orders", "T1");
    assertThat(tx("show", id)).as(err).isZero();
    assertThat(out).contains("group        orders\n", "state        in doubt\n", " T1 ");

    // when
    assertThat(tx("commit", id, "--who=ann", "--reason=paid by hand")).as(err).isZero();

    // then
    assertThat(out).startsWith(id + " is committed, at ").endsWith(" by an operator.\n");
    assertThat(tx("show", id)).as(err).isZero();
    assertThat(out)
        .contains("state        committed\n", " by operator ann\n", "reason       paid by hand\n");
    assertThat(tx("commit", id, "--reason=again")).as(err).isZero();
    assertThat(out).startsWith(id + " had been committed already, at ");
    assertThat(tx("list")).as(err).isZero();
    assertThat(out).isEqualTo("No transaction is open.\n");
  }

  @Test
  void shouldRefuseToDecideOtherwise() {
    // given
    String id = half("orders", "T1");
    assertThat(tx("rollback", id, "--who=ann", "--reason=never paid")).as(err).isZero();

    // when
    int code = tx("commit", id, "--reason=paid after all");

    // then
    assertThat(code).isEqualTo(1);
    assertThat(out).isEmpty();
    assertThat(err).contains("refused: ");
    assertThat(tx("show", id)).as(err).isZero();
    assertThat(out).contains("state        rolled back\n", "reason       never paid\n");
  }

  @Test
  void shouldHaveAProducerAskedAnew() {
    // given
    String id = half("orders", "T1");

    // when
    assertThat(tx("recheck", id)).as(err).isZero();

    // then
    assertThat(tx("list")).as(err).isZero();
    assertThat(out).contains(id).doesNotContain("in 59m");
  }

  @Test
  void shouldRefuseWhatItDoesNotKnow() {
    // given
    String id = half("orders", "T1");
    String unknown = id.substring(0, 16) + "00000000000F0000";

    // then
    assertThat(tx("show", unknown)).isEqualTo(1);
    assertThat(err).contains("refused: ");
    assertThat(tx("recheck", unknown)).isEqualTo(1);
    assertThat(tx("commit", unknown, "--reason=x")).isEqualTo(1);
  }

  @Test
  void shouldPrintTheBrokersCounters() throws IOException {
    // given
    half("orders", "T1");

    // when
    assertThat(tx("metrics")).as(err).isZero();

    // then
    assertThat(out).startsWith("BROKER ").contains("broker-a  ", " gauge ", " counter ");
    assertThat(tx("metrics", "-o", "json")).as(err).isZero();
    assertThat(new ObjectMapper().readTree(out).get("metrics")).isNotEmpty();
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
    Answer answer = client
        .call(
            node.broker().orElseThrow().toString(),
            new Request(RequestCode.SEND_MESSAGE_V2, header, Body.of("hello".getBytes(UTF_8))),
            Duration.ofSeconds(20))
        .toCompletableFuture()
        .join();
    assertThat(answer.isOk()).as(answer.remark()).isTrue();
    return SendResponseHeader.FIELDS.read(answer.fields()).messageId();
  }

  private int tx(String... arguments) {
    StringWriter printed = new StringWriter();
    StringWriter told = new StringWriter();
    PrintWriter toldWriter = new PrintWriter(told, true);
    String namesrv = node.namesrv().orElseThrow().toString();
    int code = Main.commandLine(
            Map.of(), new Exit(toldWriter), new PrintWriter(printed, true), toldWriter)
        .execute(Stream.of(Stream.of("tx"), Stream.of(arguments), Stream.of("--namesrv", namesrv))
            .flatMap(words -> words)
            .toArray(String[]::new));
    out = printed.toString();
    err = told.toString();
    return code;
  }
}
