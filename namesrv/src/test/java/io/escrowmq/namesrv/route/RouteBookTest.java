package io.escrowmq.namesrv.route;

import static io.escrowmq.namesrv.route.Brokers.EIGHT;
import static io.escrowmq.namesrv.route.Brokers.FOUR;
import static io.escrowmq.namesrv.route.Brokers.master;
import static io.escrowmq.namesrv.route.Brokers.says;
import static io.escrowmq.namesrv.route.Brokers.saysAll;
import static io.escrowmq.namesrv.route.Brokers.slave;
import static io.escrowmq.namesrv.route.Brokers.topics;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.remoting.body.DataVersion;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RouteBookTest {

  private final RouteBook book = new RouteBook(new RouteLimits(3, 4, 6, 9));
  private final Object connection = new Object();

  @Test
  void shouldAnswerARegisteredTopicAsTheProtocolPageShowsIt() {
    // given
    BrokerMember broker = new BrokerMember("DefaultCluster", "broker-a", 0, "10.0.0.1:10911");

    // when
    book.register(says(broker, 1, topics(FOUR, "TopicTest")), connection, 0);

    // then: namesrv.md 3.1
    assertThat(route("TopicTest"))
        .isEqualTo("{\"brokerDatas\":[{\"brokerAddrs\":"
            + "{\"0\":\"10.0.0.1:10911\"},\"brokerName\":\"broker-a\",\"cluster\":\"DefaultCluster\","
            + "\"enableActingMaster\":false}],\"filterServerTable\":{},\"queueDatas\":["
            + "{\"brokerName\":\"broker-a\",\"perm\":6,\"readQueueNums\":4,\"topicSysFlag\":0,"
            + "\"writeQueueNums\":4}]}");
  }

  @Test
  void shouldKnowNoRouteOfATopicThatNobodyRegistered() {
    assertThat(book.image().encodedRoute("TopicTest")).isNull();
  }

  @Test
  void shouldListBrokersOfATopicInTheOrderOfTheirNames() {
    // when
    book.register(says(master("b"), 1, topics(FOUR, "T")), connection, 0);
    book.register(says(master("a"), 1, topics(EIGHT, "T")), connection, 0);

    // then
    assertThat(route("T"))
        .containsSubsequence("brokerDatas", "a.test", "b.test", "queueDatas", "\"a\"", "\"b\"");
  }

  @Test
  void shouldTellOrderedQueuesOnlyOfTopicsThatHaveThem() {
    // given
    book.register(says(master("a"), 1, topics(FOUR, "T", "U")), connection, 0);

    // when
    book.orderTopics(Map.of("T", "a:4"));

    // then
    assertThat(route("T")).contains("\"orderTopicConf\":\"a:4\"");
    assertThat(route("U")).doesNotContain("orderTopicConf");
  }

  @Test
  void shouldEscapeWhatJsonCannotHold() {
    // when
    BrokerMember broker = new BrokerMember("c\"d", "a\\b\n", 0, "h:1");
    book.register(says(broker, 1, topics(FOUR, "T")), connection, 0);

    // then
    assertThat(route("T")).contains("\"a\\\\b\\u000a\"").contains("\"c\\\"d\"");
  }

  @Test
  void shouldKeepTheAnswerUntilTheTopicOrAnAddressChanges() {
    // given
    book.register(says(master("a"), 1, topics(FOUR, "T", "U")), connection, 0);
    byte[] first = book.image().encodedRoute("T");

    // when
    book.registerTopic("U", "a", EIGHT);
    byte[] afterAnotherTopic = book.image().encodedRoute("T");
    book.register(says(slave("a", 1), 1, Map.of()), connection, 0);
    byte[] afterAnotherAddress = book.image().encodedRoute("T");

    // then
    assertThat(afterAnotherTopic).isSameAs(first);
    assertThat(new String(afterAnotherAddress, UTF_8)).contains("a-1.test:10911");
  }

  @Test
  void shouldKeepTheSameImageWhileNothingChanges() {
    // given
    Registration registration = says(master("a"), 1, topics(FOUR, "T"));
    book.register(registration, connection, 0);
    RouteImage image = book.image();

    // when
    book.register(registration, connection, 30_000);
    book.tick(31_000);

    // then
    assertThat(book.image()).isSameAs(image);
  }

  @Test
  void shouldRecogniseARepeatedRegistrationByItsDigest() {
    // given
    Registration said = says(master("a"), 1, topics(FOUR, "T"));
    Registration other = says(master("a"), 2, topics(FOUR, "T"));

    // when
    book.register(said, connection, 0);

    // then
    assertThat(book.isUnchanged(said.broker(), said.digest())).isTrue();
    assertThat(book.isUnchanged(other.broker(), other.digest())).isFalse();
    assertThat(book.isUnchanged(master("b"), said.digest())).isFalse();
  }

  @Test
  void shouldAddWhatAPartialRegistrationBrings() {
    // given
    book.register(says(master("a"), 1, topics(FOUR, "T", "U")), connection, 0);

    // when
    book.register(says(master("a"), 2, topics(EIGHT, "V")), connection, 0);

    // then
    assertThat(book.image().topics()).containsExactly("T", "U", "V");
    assertThat(book.versionOf(master("a"))).isEqualTo(new DataVersion(2, 0, 0));
  }

  @Test
  void shouldNotTakeTheVersionOfASingleFirstTopicForThatOfTheWhole() {
    // when
    book.register(says(master("a"), 7, topics(FOUR, "T")), connection, 0);

    // then
    assertThat(book.image().topics()).containsExactly("T");
    assertThat(book.versionOf(master("a"))).isNull();

    // when
    book.registerAgain(master("a"), connection, 0);

    // then
    assertThat(book.versionOf(master("a"))).isEqualTo(new DataVersion(7, 0, 0));
  }

  @Test
  void shouldForgetWhatABrokerThatSaysAllDoesNotSay() {
    // given
    book.register(saysAll(master("a"), 1, topics(FOUR, "T", "U")), connection, 0);
    book.register(says(master("b"), 1, topics(FOUR, "U", "V")), connection, 0);

    // when
    book.register(saysAll(master("a"), 2, topics(FOUR, "T")), connection, 0);

    // then
    assertThat(book.image().topics()).containsExactly("T", "U", "V");
    assertThat(route("U")).doesNotContain("a.test").contains("b.test");
  }

  @Test
  void shouldWantToHearABrokerAgainWhoseTopicsSomebodyElseChanged() {
    // given
    Registration said = saysAll(master("a"), 1, topics(FOUR, "T", "U"));
    Registration partial = says(master("b"), 1, topics(FOUR, "T", "U"));
    for (String change : List.of("delete", "delete in cluster", "register")) {
      book.register(said, connection, 0);
      book.register(partial, connection, 0);

      // when
      switch (change) {
        case "delete" -> book.deleteTopic("T");
        case "delete in cluster" -> book.deleteTopic("T", "DefaultCluster");
        default -> {
          book.registerTopic("W", "a", FOUR);
          book.registerTopic("W", "b", FOUR);
        }
      }

      // then
      assertThat(book.versionOf(said.broker())).as(change).isNull();
      assertThat(book.isUnchanged(said.broker(), said.digest())).as(change).isFalse();
      assertThat(book.isUnchanged(partial.broker(), partial.digest()))
          .as(change)
          .isTrue();
    }
  }

  @Test
  void shouldRemoveABrokerThatLeaves() {
    // given
    book.register(says(master("a"), 1, topics(FOUR, "T", "U")), connection, 0);
    book.register(says(master("b"), 1, topics(FOUR, "T")), connection, 0);

    // when
    boolean was = book.unregister(master("a"));

    // then
    assertThat(was).isTrue();
    assertThat(book.image().topics()).containsExactly("T");
    assertThat(route("T")).doesNotContain("a.test");
    assertThat(book.unregister(master("a"))).isFalse();
  }

  @Test
  void shouldKeepTopicsUntilTheLastAddressOfTheirBrokerIsGone() {
    // given
    book.register(says(master("a"), 1, topics(FOUR, "T")), connection, 0);
    book.register(says(slave("a", 1), 1, Map.of()), connection, 0);

    // when
    book.unregister(master("a"));

    // then
    assertThat(route("T")).contains("\"brokerAddrs\":{\"1\":\"a-1.test:10911\"}");

    // when
    book.unregister(slave("a", 1));

    // then
    assertThat(book.image().encodedRoute("T")).isNull();
    assertThat(book.image().groups()).isEmpty();
  }

  @Test
  void shouldDeleteATopicFromAllBrokersOrFromThoseOfACluster() {
    // given
    BrokerMember elsewhere = new BrokerMember("Other", "b", 0, "b.test:10911");
    book.register(says(master("a"), 1, topics(FOUR, "T", "U")), connection, 0);
    book.register(says(elsewhere, 1, topics(FOUR, "T", "U")), connection, 0);

    // when
    book.deleteTopic("T", "Other");
    book.deleteTopic("U");

    // then
    assertThat(book.image().topics()).containsExactly("T");
    assertThat(book.image().topicsOfCluster("Other")).isEmpty();
    assertThat(book.image().topicsOfCluster("DefaultCluster")).containsExactly("T");
  }

  @Test
  void shouldWipeAndAddWritePermissionAndCountTheTopics() {
    // given
    book.register(says(master("a"), 1, topics(FOUR, "T", "U")), connection, 0);
    book.register(
        says(master("b"), 1, Map.of("TBW102", new TopicQueues(8, 8, 7, 0))), connection, 0);

    // when
    int wiped = book.wipeWritePermission("a");
    book.wipeWritePermission("b");

    // then
    assertThat(wiped).isEqualTo(2);
    assertThat(route("T")).contains("\"perm\":4");
    assertThat(route("TBW102")).contains("\"perm\":5");

    // when
    int added = book.addWritePermission("a");
    book.addWritePermission("b");

    // then
    assertThat(added).isEqualTo(2);
    assertThat(route("T")).contains("\"perm\":6");
    assertThat(route("TBW102")).contains("\"perm\":7");
    assertThat(book.wipeWritePermission("nobody")).isZero();
  }

  @Test
  void shouldRestoreWipedPermissionWithTheNextChangedRegistration() {
    // given
    book.register(says(master("a"), 1, topics(FOUR, "T")), connection, 0);
    book.wipeWritePermission("a");

    // when
    book.register(says(master("a"), 2, topics(FOUR, "T")), connection, 0);

    // then
    assertThat(route("T")).contains("\"perm\":6");
  }

  @Test
  void shouldPassOverATopicOfAnUnknownBroker() {
    // when
    book.registerTopic("T", "nobody", FOUR);

    // then
    assertThat(book.image().topics()).isEmpty();
  }

  @Test
  void shouldTellTopicsByTheirUnitFlags() {
    // when
    book.register(
        says(
            master("a"),
            1,
            Map.of(
                "plain", FOUR,
                "unit", new TopicQueues(4, 4, 6, 1),
                "sub", new TopicQueues(4, 4, 6, 2),
                "both", new TopicQueues(4, 4, 6, 3))),
        connection,
        0);

    // then
    RouteImage image = book.image();
    assertThat(image.unitTopics()).containsExactly("both", "unit");
    assertThat(image.unitSubscriptionTopics()).containsExactly("both", "sub");
    assertThat(image.unitSubscriptionTopicsOutsideUnits()).containsExactly("sub");
    assertThat(image.clusters()).isEqualTo(Map.of("DefaultCluster", Set.of("a")));
  }

  private String route(String topic) {
    return new String(book.image().encodedRoute(topic), UTF_8);
  }
}
