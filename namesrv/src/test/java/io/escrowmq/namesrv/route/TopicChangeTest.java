package io.escrowmq.namesrv.route;

import static io.escrowmq.namesrv.route.Brokers.EIGHT;
import static io.escrowmq.namesrv.route.Brokers.FOUR;
import static io.escrowmq.namesrv.route.Brokers.master;
import static io.escrowmq.namesrv.route.Brokers.saysAll;
import static io.escrowmq.namesrv.route.Brokers.topics;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.remoting.body.DataVersion;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Brokers that tell only what has changed. */
class TopicChangeTest {

  private static final BrokerMember BROKER = master("a");

  private final RouteBook book = new RouteBook(new RouteLimits(3, 4, 6, 100));
  private final Object connection = new Object();

  @BeforeEach
  void register() {
    book.register(saysAll(BROKER, 5, topics(FOUR, "T", "U")), connection, 0);
  }

  @Test
  void shouldAddChangeAndForgetTopicsAndLeaveTheOthers() {
    // given
    TopicChange change = change(5, 8, Map.of("U", EIGHT, "V", FOUR), "T");

    // when
    boolean taken = book.takesChanges(change);
    book.change(change, connection, 0);

    // then
    assertThat(taken).isTrue();
    assertThat(book.image().topics()).containsExactly("U", "V");
    assertThat(new String(book.image().encodedRoute("U"), UTF_8)).contains("\"readQueueNums\":8");
    assertThat(book.versionOf(BROKER)).isEqualTo(version(8));
  }

  /** What makes the book's knowledge another than the one that changes follow. */
  private enum Obstacle {
    OLDER_VERSION,
    NEWER_VERSION,
    CHANGED_BEFORE,
    TOPIC_DELETED_BY_A_TOOL,
    TOPIC_REGISTERED_BY_A_TOOL,
    BROKER_LEFT,
    LEASE_OVER,
    SEAT_TAKEN,
    ANOTHER_ID
  }

  private void come(Obstacle obstacle) {
    switch (obstacle) {
      case OLDER_VERSION -> book.register(saysAll(BROKER, 4, topics(FOUR, "T")), connection, 0);
      case NEWER_VERSION -> book.register(saysAll(BROKER, 6, topics(FOUR, "T")), connection, 0);
      case CHANGED_BEFORE -> book.change(change(5, 6, Map.of()), connection, 0);
      case TOPIC_DELETED_BY_A_TOOL -> book.deleteTopic("T");
      case TOPIC_REGISTERED_BY_A_TOOL -> book.registerTopic("X", "a", EIGHT);
      case BROKER_LEFT -> book.unregister(BROKER);
      case LEASE_OVER -> {
        book.tick(0);
        for (long second = 1; second <= 120; second++) {
          book.tick(second * 1_000);
        }
      }
      case SEAT_TAKEN -> comes(0, "b.test:1");
      case ANOTHER_ID -> comes(1, BROKER.address());
    }
  }

  private void comes(long id, String address) {
    BrokerMember other = new BrokerMember("DefaultCluster", "a", id, address);
    book.register(saysAll(other, 5, topics(FOUR, "T")), "other", 0);
  }

  @ParameterizedTest
  @EnumSource(Obstacle.class)
  void shouldWantToHearAllWhenTheChangesFollowSomethingElse(Obstacle obstacle) {
    // given
    come(obstacle);

    // then
    assertThat(book.takesChanges(change(5, 7, Map.of("V", FOUR)))).isFalse();
  }

  @Test
  void shouldWantToHearAllWhenThereIsNoRoomForAllChanges() {
    assertThat(book.takesChanges(change(5, 7, topics(FOUR, "V", "W")))).isTrue();
    assertThat(book.takesChanges(change(5, 7, topics(FOUR, "V", "W", "X")))).isFalse();
  }

  @Test
  void shouldHoldTheLeaseOverTheConnectionOfTheLatestChange() {
    // when
    book.change(change(5, 6, Map.of()), "later", 100_000);

    // then
    assertThat(book.disconnected(connection)).isEmpty();
    book.tick(110_000);
    assertThat(book.tick(119_999)).isEmpty();
    assertThat(book.disconnected("later")).hasSize(1);
  }

  /** The registration of before may come late, over a connection that was given up. */
  @Test
  void shouldNotTakeTheRegistrationOfBeforeForARepetition() {
    // given
    Registration before = saysAll(BROKER, 5, topics(FOUR, "T", "U"));

    // when
    book.change(change(5, 6, Map.of("V", FOUR)), connection, 0);

    // then
    assertThat(book.isUnchanged(BROKER, before.digest())).isFalse();
  }

  private static TopicChange change(
      long since, long version, Map<String, TopicQueues> topics, String... gone) {
    return new TopicChange(BROKER, version(since), version(version), topics, List.of(gone));
  }

  private static DataVersion version(long counter) {
    return new DataVersion(counter, 0, 0);
  }
}
