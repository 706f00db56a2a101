package io.escrowmq.namesrv.route;

import static io.escrowmq.namesrv.route.Brokers.EIGHT;
import static io.escrowmq.namesrv.route.Brokers.FOUR;
import static io.escrowmq.namesrv.route.Brokers.master;
import static io.escrowmq.namesrv.route.Brokers.says;
import static io.escrowmq.namesrv.route.Brokers.saysAll;
import static io.escrowmq.namesrv.route.Brokers.topics;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is taken of brokers that have more than fits. */
class RouteLimitsTest {

  private final RouteBook book = new RouteBook(new RouteLimits(3, 4, 6, 9));
  private final Object connection = new Object();

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
}
