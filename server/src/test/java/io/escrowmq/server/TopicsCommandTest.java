package io.escrowmq.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.remoting.Answer;
import io.escrowmq.remoting.Request;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.header.GetRouteHeader;
import io.escrowmq.remoting.header.UpdateTopicHeader;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code escrowmq topics} on a real server. */
class TopicsCommandTest {

  @TempDir
  private Path directory;

  private CommandBed bed;

  @BeforeEach
  void start() {
    bed = new CommandBed(directory, "topic.max=14");
  }

  @AfterEach
  void stop() {
    bed.close();
  }

  @Test
  void shouldDeleteWhatMatchesInTheBrokerAndInTheNameServer() {
    // given
    for (String topic : List.of("old-1", "old-2", "older", "new-1")) {
      assertThat(create(topic).isOk()).as(topic).isTrue();
      assertThat(hasRoute(topic)).as(topic).isTrue();
    }
    assertThat(topics("list", "--matching", "old.*")).as(bed.err()).isZero();
    assertThat(bed.out()).isEqualTo("old-1\nold-2\nolder\n");
    assertThat(topics("delete", "--matching", "old-[0-9]", "--dry-run"))
        .as(bed.err())
        .isZero();
    assertThat(bed.out()).isEqualTo("old-1\nold-2\n");

    // when
    assertThat(topics("delete", "--matching", "old-[0-9]")).as(bed.err()).isZero();

    // then
    assertThat(bed.out()).isEqualTo("broker-a: 2 topics are deleted.\n");
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
    assertThat(code).as(bed.err()).isZero();
    assertThat(hasRoute("T")).isFalse();
  }

  @Test
  void shouldListAllTopicsButDeleteNoneUnlessItIsToldWhich() {
    // given
    create("T");

    // when, then
    assertThat(topics("list")).as(bed.err()).isZero();
    assertThat(bed.out().lines()).contains("T", "TBW102");
    assertThat(topics("delete")).isEqualTo(2);
    assertThat(bed.err()).contains("--matching=REGEX");
    assertThat(hasRoute("T")).isTrue();
  }

  @Test
  void shouldSayThatNoTopicMatches() {
    for (String action : List.of("list", "delete")) {
      assertThat(topics(action, "--matching", "nothing")).as(bed.err()).isZero();
      assertThat(bed.out()).as(action).isEqualTo("No topic matches.\n");
    }
  }

  @Test
  void shouldLeaveTheBrokersOwnTopicsWhereTheyAre() {
    // given
    create("T");

    // when
    assertThat(topics("delete", "--matching", ".*")).as(bed.err()).isZero();

    // then
    assertThat(bed.out()).isEqualTo("broker-a: 1 topic is deleted.\n");
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
    assertThat(topics("delete", "--matching", "T0")).as(bed.err()).isZero();

    // then
    assertThat(created).isBetween(3, 10);
    assertThat(refused.remark()).contains("the broker has 14 topics, at most 14", "topic.max");
    assertThat(create("T" + created).isOk()).isTrue();
  }

  private Answer create(String topic) {
    UpdateTopicHeader header =
        new UpdateTopicHeader(topic, "TBW102", 4, 4, 6, "SINGLE_TAG", 0, false, null);
    return bed.askBroker(Request.of(RequestCode.UPDATE_AND_CREATE_TOPIC, header));
  }

  private boolean hasRoute(String topic) {
    GetRouteHeader header = new GetRouteHeader(topic, true);
    return bed.askNameServer(Request.of(RequestCode.GET_ROUTEINFO_BY_TOPIC, header))
        .isOk();
  }

  private int topics(String... arguments) {
    return bed.run("topics", arguments);
  }
}
