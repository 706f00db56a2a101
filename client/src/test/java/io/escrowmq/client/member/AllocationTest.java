package io.escrowmq.client.member;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.client.TopicQueue;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AllocationTest {

  private static List<TopicQueue> queues(int count) {
    return IntStream.range(0, count)
        .mapToObj(id -> new TopicQueue("t", "b", id))
        .toList();
  }

  @ParameterizedTest
  @CsvSource({"4,2,'2 2'", "5,2,'3 2'", "2,3,'1 1 0'", "8,3,'3 3 2'", "1,1,'1'", "0,2,'0 0'"})
  void shouldGiveTheFirstMembersOneMore(int queues, int members, String expected) {
    // given
    List<String> ids = IntStream.range(0, members).mapToObj(i -> "c" + i).toList();

    // when
    List<Set<TopicQueue>> shares =
        ids.stream().map(id -> Allocation.of(queues(queues), ids, id)).toList();

    // then
    assertThat(String.join(" ", shares.stream().map(share -> "" + share.size()).toList()))
        .isEqualTo(expected);
    List<TopicQueue> all = new ArrayList<>();
    shares.forEach(all::addAll);
    assertThat(all).containsExactlyInAnyOrderElementsOf(queues(queues));
  }

  @Test
  void shouldGiveContiguousRangesInTheOrderOfBrokersAndMembers() {
    // given
    List<TopicQueue> queues = List.of(
        new TopicQueue("t", "b", 1),
        new TopicQueue("t", "a", 10),
        new TopicQueue("t", "b", 0),
        new TopicQueue("t", "a", 2));

    // when
    Set<TopicQueue> second = Allocation.of(queues, List.of("y", "x"), "y");

    // then
    assertThat(second)
        .containsExactlyInAnyOrder(new TopicQueue("t", "b", 0), new TopicQueue("t", "b", 1));
  }

  @Test
  void shouldGiveNothingToStrangers() {
    assertThat(Allocation.of(queues(4), List.of("x"), "y")).isEmpty();
  }
}
