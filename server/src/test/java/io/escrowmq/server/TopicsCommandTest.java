package io.escrowmq.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.remoting.Answer;
import io.escrowmq.remoting.RemotingSettings;
import io.escrowmq.remoting.Request;
import io.escrowmq.remoting.RequestTable;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.header.GetRouteHeader;
import io.escrowmq.remoting.header.UpdateTopicHeader;
import io.escrowmq.remoting.netty.NettyRemotingClient;
import io.escrowmq.server.settings.Role;
import io.escrowmq.server.settings.Settings;
import io.escrowmq.store.RealFileSystem;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code escrowmq topics} on a real server. */
class TopicsCommandTest {

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
            "topic.max=14",
            "store.dir=" + directory));
    node = new Node(settings, new RealFileSystem(), InstantSource.system(), new SystemTicker());
    node.start();
  }

  @AfterEach
  void stop() {
    client.close();
    node.close();
  }

  @Test
  void shouldDeleteWhatMatchesInTheBrokerAndInTheNameServer() {
    // given
    for (String topic : List.of("old-1", "old-2", "older", "new-1")) {
      assertThat(create(topic).isOk()).as(topic).isTrue();
      assertThat(hasRoute(topic)).as(topic).isTrue();
    }
    assertThat(topics("list", "--matching", "old.*")).as(err).isZero();
    assertThat(out).isEqualTo("old-1\nold-2\nolder\n");
    assertThat(topics("delete", "--matching", "old-[0-9]", "--dry-run")).as(err).isZero();
    assertThat(out).isEqualTo("old-1\nold-2\n");

    // when
    assertThat(topics("delete", "--matching", "old-[0-9]")).as(err).isZero();

    // then
    assertThat(out).isEqualTo("broker-a: 2 topics are deleted.\n");
    assertThat(hasRoute("old-1") || hasRoute("old-2")).isFalse();
    assertThat(hasRoute("older") && hasRoute("new-1")).isTrue();
  }

  @Test
  void shouldTellTheOtherNameServersWhenOneIsNotReached() {
    // given
    create("T");

    // when
    int code = topics("delete", "--matching", "T", "--namesrv", "127.0.0.1:1");

    // then
    assertThat(code).as(err).isZero();
    assertThat(hasRoute("T")).isFalse();
  }

  @Test
  void shouldListAllTopicsButDeleteNoneUnlessItIsToldWhich() {
    // given
    create("T");

    // when, then
    assertThat(topics("list")).as(err).isZero();
    assertThat(out.lines()).contains("T", "TBW102");
    assertThat(topics("delete")).isEqualTo(2);
    assertThat(err).contains("--matching=REGEX");
    assertThat(hasRoute("T")).isTrue();
  }

  @Test
  void shouldSayThatNoTopicMatches() {
    for (String action : List.of("list", "delete")) {
      assertThat(topics(action, "--matching", "nothing")).as(err).isZero();
      assertThat(out).as(action).isEqualTo("No topic matches.\n");
    }
  }

  @Test
  void shouldLeaveTheBrokersOwnTopicsWhereTheyAre() {
    // given
    create("T");

    // when
    assertThat(topics("delete", "--matching", ".*")).as(err).isZero();

    // then
    assertThat(out).isEqualTo("broker-a: 1 topic is deleted.\n");
    assertThat(hasRoute("TBW102")).isTrue();
  }

  @Test
  void shouldRefuseTopicsBeyondTheLimitUntilSomeAreDeleted() {
    // given
    int created = 0;
    Answer refused = create("T0");
    while (refused.isOk()) {
      created++;
      refused = create("T" + created);
    }

    // when
    assertThat(topics("delete", "--matching", "T0")).as(err).isZero();

    // then
    assertThat(created).isBetween(3, 10);
    assertThat(refused.remark()).contains("the broker has 14 topics, at most 14", "topic.max");
    assertThat(create("T" + created).isOk()).isTrue();
  }

  private Answer create(String topic) {
    UpdateTopicHeader header =
        new UpdateTopicHeader(topic, "TBW102", 4, 4, 6, "SINGLE_TAG", 0, false, null);
    return ask(
        node.broker().orElseThrow().toString(),
        Request.of(RequestCode.UPDATE_AND_CREATE_TOPIC, header));
  }

  private boolean hasRoute(String topic) {
    return ask(
            node.namesrv().orElseThrow().toString(),
            Request.of(RequestCode.GET_ROUTEINFO_BY_TOPIC, new GetRouteHeader(topic, true)))
        .isOk();
  }

  private Answer ask(String address, Request request) {
    return client
        .call(address, request, Duration.ofSeconds(10))
        .toCompletableFuture()
        .join();
  }

  private int topics(String... arguments) {
    StringWriter printed = new StringWriter();
    StringWriter told = new StringWriter();
    PrintWriter toldWriter = new PrintWriter(told, true);
    String namesrv = node.namesrv().orElseThrow().toString();
    int code = Main.commandLine(
            Map.of(), new Exit(toldWriter), new PrintWriter(printed, true), toldWriter)
        .execute(
            Stream.of(Stream.of("topics"), Stream.of(arguments), Stream.of("--namesrv", namesrv))
                .flatMap(words -> words)
                .toArray(String[]::new));
    out = printed.toString();
    err = told.toString();
    return code;
  }
}
