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
  void shouldTakeTopicsFromTheMasterOnlyWhileThereIsOne() {
    // given
    book.register(says(slave("a", 1), 1, topics(FOUR, "OfSlaveAlone")), connection, 0);
    book.register(says(master("a"), 1, topics(FOUR, "OfMaster")), connection, 0);

    // when
    book.register(says(slave("a", 1), 2, topics(FOUR, "OfSlaveBesideMaster")), connection, 0);

    // then
    assertThat(book.image().topics()).containsExactly("OfMaster", "OfSlaveAlone");
  }

  @Test
  void shouldTellSlavesWhereTheirMasterIs() {
    // given
    book.register(says(slave("a", 1), 1, Map.of()), connection, 0);
    assertThat(book.masterOf("a")).isNull();

    // when
    book.register(says(master("a"), 1, Map.of()), connection, 0);

    // then
    assertThat(book.masterOf("a")).isEqualTo(new RouteBook.Master("a.test:10911", "a.test:10912"));
  }

  @Test
  void shouldMoveAnAddressThatComesWithAnotherId() {
    // given
    book.register(says(slave("a", 1), 1, Map.of()), connection, 0);
    BrokerMember promoted =
        new BrokerMember("DefaultCluster", "a", 0, slave("a", 1).address());

    // when
    book.register(says(promoted, 1, topics(FOUR, "T")), connection, 0);

    // then
    assertThat(book.image().group("a").addresses()).isEqualTo(Map.of(0L, promoted.address()));
  }

  @Test
  void shouldRemoveTheFormerNameOfAnAddress() {
    // given
    book.register(says(master("a"), 1, topics(FOUR, "T")), connection, 0);
    BrokerMember renamed =
        new BrokerMember("DefaultCluster", "b", 0, master("a").address());

    // when
    book.register(says(renamed, 1, topics(FOUR, "U")), connection, 0);

    // then
    assertThat(book.image().group("a")).isNull();
    assertThat(book.image().topics()).containsExactly("U");
  }

  @Test
  void shouldRefuseASecondBrokerOfOlderStateInATakenSeat() {
    // given
    BrokerMember other = new BrokerMember("DefaultCluster", "a", 0, "other.test:10911");
    book.register(says(master("a"), new DataVersion(1, 5, 0), Map.of()), connection, 0);

    // when
    RegistrationRuling older = book.onRegistration(says(other, new DataVersion(9, 4, 0), Map.of()));
    RegistrationRuling equal = book.onRegistration(says(other, new DataVersion(1, 5, 0), Map.of()));

    // then
    assertThat(older).isEqualTo(RegistrationRuling.SEAT_TAKEN);
    assertThat(book.occupant(other)).isEqualTo(new RouteBook.Occupant("a.test:10911", 0));
    assertThat(equal).isEqualTo(RegistrationRuling.ACCEPTED);
  }

  @Test
  void shouldForgetTheLeaseOfWhoeverLostItsSeat() {
    // given
    BrokerMember other = new BrokerMember("DefaultCluster", "a", 0, "other.test:10911");
    Object otherConnection = new Object();
    book.register(says(master("a"), 1, topics(FOUR, "T")), connection, 0);

    // when
    book.register(says(other, 1, topics(FOUR, "T")), otherConnection, 0);
    List<Departure> gone = book.disconnected(connection);

    // then
    assertThat(gone).isEmpty();
    assertThat(book.image().group("a").addresses()).isEqualTo(Map.of(0L, "other.test:10911"));
  }

  @Test
  void shouldRefuseMoreThanTheLimits() {
    // given: 3 brokers, 4 topics of a broker, 6 topics
    book.register(says(master("a"), 1, topics(FOUR, "T1", "T2", "T3", "T4")), connection, 0);
    book.register(says(master("b"), 1, topics(FOUR, "T4", "T5")), connection, 0);

    // when, then
    book.register(says(master("c"), 1, Map.of()), connection, 0);
    assertThat(book.onRegistration(says(master("d"), 1, Map.of())))
        .isEqualTo(RegistrationRuling.TOO_MANY_BROKERS);
    assertThat(book.onRegistration(says(master("c"), 2, Map.of())))
        .isEqualTo(RegistrationRuling.ACCEPTED);
    assertThat(book.onTopics("c", Set.of("T1", "T2", "T3", "T4", "T5")))
        .isEqualTo(RegistrationRuling.TOO_MANY_TOPICS_OF_BROKER);
  }

  @Test
  void shouldTakeAsManyTopicsAsFitThoseThatAreKnownFirst() {
    // given: 4 topics of a broker, 6 topics
    book.register(says(master("a"), 1, topics(FOUR, "T2", "T3", "T4")), connection, 0);
    book.register(says(master("b"), 1, topics(FOUR, "T4", "T5")), connection, 0);

    // when
    Registration justFits = book.fitting(says(master("a"), 2, topics(EIGHT, "T1", "T2")));
    Registration ofBroker = book.fitting(says(master("a"), 2, topics(EIGHT, "T0", "T1", "T2")));
    Registration ofAll = book.fitting(says(master("b"), 2, topics(FOUR, "T6", "T7", "T8")));
    Registration instead =
        book.fitting(saysAll(master("a"), 2, topics(FOUR, "T5", "T6", "T7", "T8", "T9")));

    // then
    assertThat(justFits.topics()).containsOnlyKeys("T1", "T2");
    assertThat(justFits.leftOut()).isZero();
    assertThat(ofBroker.topics()).containsOnlyKeys("T0", "T2");
    assertThat(ofBroker.leftOut()).isEqualTo(1);
    assertThat(ofAll.topics()).containsOnlyKeys("T6", "T7");
    assertThat(ofAll.leftOut()).isEqualTo(1);
    assertThat(instead.topics()).containsOnlyKeys("T5", "T6", "T7", "T8");
    assertThat(instead.leftOut()).isEqualTo(1);
  }

  @Test
  void shouldBoundTheTopicsOfAllBrokersThoughTheyAreTheSame() {
    // given: 4 topics of a broker, 9 of all when each is counted
    Map<String, TopicQueues> same = topics(FOUR, "T1", "T2", "T3", "T4");
    book.register(book.fitting(saysAll(master("a"), 1, same)), connection, 0);
    book.register(book.fitting(saysAll(master("b"), 1, same)), connection, 0);

    // when
    Registration third = book.fitting(saysAll(master("c"), 1, same));
    book.register(third, connection, 0);

    // then
    assertThat(third.topics()).containsOnlyKeys("T1");
    assertThat(third.leftOut()).isEqualTo(3);
    assertThat(book.onTopics("c", Set.of("T2"))).isEqualTo(RegistrationRuling.TOO_MANY_TOPICS);
    assertThat(book.onTopics("c", Set.of("T1"))).isEqualTo(RegistrationRuling.ACCEPTED);

    // when
    book.unregister(master("a"));
    Registration again = book.fitting(saysAll(master("c"), 2, same));

    // then
    assertThat(again.leftOut()).isZero();
  }

  @Test
  void shouldAskABrokerAgainAsLongAsTopicsAreLeftOut() {
    // given
    Registration tooMany = saysAll(master("a"), 2, topics(FOUR, "T1", "T2", "T3", "T4", "T5"));

    // when
    book.register(book.fitting(tooMany), connection, 0);

    // then
    assertThat(book.image().topics()).containsExactly("T1", "T2", "T3", "T4");
    assertThat(book.versionOf(master("a"))).isNull();
    assertThat(book.isUnchanged(master("a"), tooMany.digest())).isFalse();
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
  void shouldIgnoreTheFarewellOfABrokerThatIsNotInThatSeat() {
    // given
    book.register(says(master("a"), 1, topics(FOUR, "T")), connection, 0);

    // when
    boolean was =
        book.unregister(new BrokerMember("DefaultCluster", "a", 1, master("a").address()));

    // then
    assertThat(was).isFalse();
    assertThat(book.image().topics()).containsExactly("T");
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
