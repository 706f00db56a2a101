package io.escrowmq.broker.connected;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.broker.connected.Registration.News;
import io.escrowmq.broker.connected.Registration.NoNews;
import io.escrowmq.broker.connected.Registration.NoRoom;
import io.escrowmq.broker.connected.Registration.Notice;
import io.escrowmq.broker.core.HeapBudget;
import io.escrowmq.broker.core.MemoryShare;
import io.escrowmq.remoting.Connection;
import io.escrowmq.remoting.FakeConnection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClientRegistryTest {

  private static final ConsumerProfile PUSH =
      new ConsumerProfile("CONSUME_PASSIVELY", "CLUSTERING", "CONSUME_FROM_LAST_OFFSET");

  private final ClientRegistry registry = new ClientRegistry(HeapBudget.unbounded());
  private final FakeConnection first = new FakeConnection(1);
  private final FakeConnection second = new FakeConnection(2);

  private static Member member(String id, Connection connection, long seenMillis) {
    return new Member(id, connection, "JAVA", 513, seenMillis);
  }

  private Registration join(Connection connection, long seenMillis, Subscription... wanted) {
    return registry.registerConsumer(
        "g", PUSH, List.of(wanted), member("c" + connection.hashCode(), connection, seenMillis));
  }

  private static Subscription tags(String topic, String expression, long version) {
    return Subscription.parse(topic, expression, "TAG", version);
  }

  @Test
  void shouldTellAllMembersWhenOneJoins() {
    // given
    join(first, 0, tags("T", "*", 1));

    // when
    Registration registration = join(second, 0, tags("T", "*", 1));

    // then
    assertThat(registration).isEqualTo(new News(new Notice("g", List.of(first, second))));
  }

  /** Versions come from the clocks of the clients. */
  @Test
  void shouldFollowTheOthersWhenAMemberWhoseClockWasAheadHasLeft() {
    // given
    join(first, 0, tags("T", "a", 100));
    join(second, 0, tags("T", "b", 1_000_000));

    // when
    registry.unregister(second, null, "g");

    // then
    assertThat(registry.subscription("g", "T"))
        .extracting(Subscription::expression)
        .isEqualTo("a");
    join(first, 0, tags("T", "c", 101));
    assertThat(registry.subscription("g", "T"))
        .extracting(Subscription::expression)
        .isEqualTo("c");
  }

  /** Members come, change their minds and go; the newest word of those who are there counts. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void shouldAlwaysWantWhatAMemberWantsThatIsThere(long seed) {
    // given
    Random random = new Random(seed);
    List<FakeConnection> all =
        IntStream.range(10, 14).mapToObj(FakeConnection::new).toList();
    Map<FakeConnection, Subscription> present = new HashMap<>();

    for (int step = 0; step < 200; step++) {
      // when: afterwards everybody who is there beats, as clients do every half minute
      FakeConnection one = all.get(random.nextInt(all.size()));
      if (random.nextInt(4) == 0) {
        registry.unregister(one, null, "g");
        present.remove(one);
      } else {
        Subscription wanted = tags("T", "tag" + step, random.nextInt(1_000) * 1_000L + step);
        present.merge(one, wanted, (old, fresh) -> old.version() > fresh.version() ? old : fresh);
        join(one, 0, wanted);
      }
      present.forEach((member, wanted) -> join(member, 0, wanted));

      // then
      String newest = present.values().stream()
          .max(Comparator.comparingLong(Subscription::version))
          .map(Subscription::expression)
          .orElse(null);
      Subscription counts = registry.subscription("g", "T");
      assertThat(counts == null ? null : counts.expression())
          .as("seed %d, step %d", seed, step)
          .isEqualTo(newest);
    }
  }

  @Test
  void shouldTellNobodyWhenAHeartbeatRepeatsItself() {
    // given
    join(first, 0, tags("T", "a", 1));

    // then
    assertThat(join(first, 1, tags("T", "a", 1))).isEqualTo(new NoNews());
    assertThat(join(first, 2, tags("T", "a", 5))).isEqualTo(new NoNews());
    assertThat(registry.subscription("g", "T"))
        .isNotNull()
        .extracting(Subscription::version)
        .isEqualTo(5L);
  }

  @Test
  void shouldTakeNewerSubscriptionAndTellTheMembers() {
    // given
    join(first, 0, tags("T", "a", 1));

    // when
    Registration registration = join(first, 0, tags("T", "b", 2));

    // then
    assertThat(registration).isInstanceOf(News.class);
    assertThat(registry.subscription("g", "T"))
        .isNotNull()
        .extracting(Subscription::expression)
        .isEqualTo("b");
  }

  @Test
  void shouldKeepNewerSubscriptionWhenAnOlderOneComesLate() {
    // given
    join(first, 0, tags("T", "new", 2));

    // when
    Registration registration = join(first, 0, tags("T", "old", 1));

    // then
    assertThat(registration).isEqualTo(new NoNews());
    assertThat(registry.subscription("g", "T"))
        .isNotNull()
        .extracting(Subscription::expression)
        .isEqualTo("new");
  }

  @Test
  void shouldForgetSubscriptionThatTheLatestHeartbeatDoesNotList() {
    // given
    join(first, 0, tags("T", "*", 1), tags("U", "*", 1));

    // when
    join(first, 0, tags("U", "*", 1));

    // then
    assertThat(registry.subscription("g", "T")).isNull();
    assertThat(registry.groupsOn("U")).containsExactly("g");
    assertThat(registry.groupsOn("T")).isEmpty();
  }

  @Test
  void shouldKeepSubscriptionsThatAHeartbeatLeavesOutAsUnchanged() {
    // given
    join(first, 0, tags("T", "*", 1));

    // when
    Registration registration =
        registry.registerConsumer("g", PUSH, null, member("c" + first.hashCode(), first, 9));

    // then
    assertThat(registration).isEqualTo(new NoNews());
    assertThat(registry.subscription("g", "T")).isNotNull();
  }

  @Test
  void shouldTellTheOthersWhenAConnectionCloses() {
    // given
    join(first, 0, tags("T", "*", 1));
    join(second, 0, tags("T", "*", 1));
    registry.registerProducer("p", member("c", first, 0));

    // when
    List<Notice> notices = registry.closed(first);

    // then
    assertThat(notices).containsExactly(new Notice("g", List.of(second)));
    assertThat(registry.producerGroups()).isEmpty();
    assertThat(registry.meet(first)).isTrue();
  }

  @Test
  void shouldForgetGroupWhenItsLastMemberLeaves() {
    // given
    join(first, 0, tags("T", "*", 1));

    // when
    List<Notice> notices = registry.unregister(first, null, "g");

    // then
    assertThat(notices).isEmpty();
    assertThat(registry.consumers("g")).isNull();
    assertThat(registry.meet(first)).isFalse();
  }

  @Test
  void shouldDropMembersThatWereSilentForTwoMinutes() {
    // given
    join(first, 0, tags("T", "*", 1));
    join(second, 1, tags("T", "*", 1));
    registry.registerProducer("p", member("c", first, 0));

    // when
    List<Notice> notices = registry.dropSilent(120_001);

    // then
    assertThat(notices).containsExactly(new Notice("g", List.of(second)));
    assertThat(registry.producers("p")).isEmpty();
  }

  @Test
  void shouldListEveryClientIdOnceInOrder() {
    // given
    registry.registerConsumer("g", PUSH, List.of(), member("z", first, 0));
    registry.registerConsumer("g", PUSH, List.of(), member("a", second, 0));
    registry.registerConsumer("g", PUSH, List.of(), member("a", new FakeConnection(3), 0));

    // then
    assertThat(registry.consumers("g"))
        .isNotNull()
        .extracting(ConsumerGroup::clientIds)
        .isEqualTo(List.of("a", "z"));
  }

  @Test
  void shouldRefuseConnectionThatIsInTooManyGroups() {
    // given
    for (int group = 0; group < 4_000; group++) {
      registry.registerProducer("p" + group, member("c", first, 0));
    }

    // then
    assertThat(registry.registerProducer("q", member("c", first, 0)))
        .isInstanceOfSatisfying(NoRoom.class, no -> assertThat(no.reason()).contains("4000"));
    assertThat(join(first, 0)).isInstanceOf(NoRoom.class);
    assertThat(registry.producerGroups()).doesNotContain("q");
  }

  @Test
  void shouldRefuseClientsBeyondWhatAllMayTakeAndKeepThoseThatAreThere() {
    // given: exactly room for two clients that subscribe
    Subscription large = tags("T", "x".repeat(5_000), 1);
    ClientRegistry small =
        new ClientRegistry(new MemoryShare("members", 2L * (400 + large.heldBytes())));
    Registration one = small.registerConsumer("g", PUSH, List.of(large), member("a", first, 0));
    Registration same = small.registerConsumer(
        "g", PUSH, List.of(tags("T", "x".repeat(5_000), 1)), member("b", second, 0));

    // when
    FakeConnection third = new FakeConnection(3);
    Registration more =
        small.registerConsumer("h", PUSH, List.of(tags("T", "*", 1)), member("c", third, 0));
    Registration producer = small.registerProducer("p", member("c", third, 0));
    Registration again = small.registerConsumer("g", PUSH, List.of(large), member("a", first, 1));

    // then
    assertThat(one).isInstanceOf(News.class);
    assertThat(same).isInstanceOf(News.class);
    assertThat(more)
        .isInstanceOfSatisfying(
            NoRoom.class,
            refused -> assertThat(refused.reason())
                .contains("may take " + (2L * (400 + large.heldBytes())), "more memory"));
    assertThat(producer).isInstanceOf(NoRoom.class);
    assertThat(again).isEqualTo(new NoNews());

    // when: whoever leaves makes room
    small.closed(first);
    small.closed(second);

    // then
    assertThat(small.registerProducer("p", member("c", third, 0))).isEqualTo(new NoNews());
    assertThat(small.registerConsumer("g", PUSH, List.of(large), member("c", third, 0)))
        .isInstanceOf(News.class);
  }

  @Test
  void shouldCountAsManyBytesLessAsMoreWhateverComesAndGoes() {
    // given
    ClientRegistry small = new ClientRegistry(new MemoryShare("members", 200_000));
    Random random = new Random(29);

    // when
    for (int round = 0; round < 200; round++) {
      FakeConnection one = new FakeConnection(round);
      FakeConnection other = new FakeConnection(1_000 + round);
      for (int step = 0; step < 10; step++) {
        FakeConnection from = random.nextBoolean() ? one : other;
        String group = "g" + random.nextInt(3);
        switch (random.nextInt(4)) {
          case 0 -> small.registerProducer(group, member("c", from, 0));
          case 1 -> small.unregister(from, group, group);
          default ->
            small.registerConsumer(
                group,
                PUSH,
                List.of(tags("T" + random.nextInt(3), "x".repeat(random.nextInt(9_000)), step)),
                member("c" + random.nextInt(2), from, 0));
        }
      }
      small.closed(one);
      small.closed(other);
    }

    // then
    assertThat(small.heldBytes()).isZero();
  }
}
