package io.escrowmq.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.store.FlushMode;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Nobody sees what is not as safe as the settings promise: not synced with {@code sync}, not written with
 * {@code async}. All who read off the log's turn are asked before there is anything new, while it is there
 * and not safe, and when it is safe.
 */
class VisibleReadersTest {

  /** Their answer waits until it is safe: it is made, or asked for, in the log's turn. */
  private static final Set<RequestCode> ON_THE_TURN = EnumSet.of(
      RequestCode.SEND_MESSAGE,
      RequestCode.SEND_MESSAGE_V2,
      RequestCode.SEND_BATCH_MESSAGE,
      RequestCode.END_TRANSACTION,
      RequestCode.DECIDE_TRANSACTION,
      RequestCode.ORDER_TRANSACTION,
      RequestCode.RECHECK_TRANSACTION,
      RequestCode.RESUME_CHECK_HALF_MESSAGE,
      RequestCode.LIST_TRANSACTIONS,
      RequestCode.SHOW_TRANSACTION,
      RequestCode.INVOKE_BROKER_TO_RESET_OFFSET,
      RequestCode.CLONE_GROUP_OFFSET,
      RequestCode.UPDATE_AND_CREATE_TOPIC,
      RequestCode.UPDATE_AND_CREATE_TOPIC_LIST,
      RequestCode.DELETE_TOPIC_IN_BROKER,
      RequestCode.UPDATE_AND_CREATE_SUBSCRIPTIONGROUP,
      RequestCode.UPDATE_AND_CREATE_SUBSCRIPTIONGROUP_LIST,
      RequestCode.DELETE_SUBSCRIPTIONGROUP,
      RequestCode.UPDATE_AND_GET_GROUP_FORBIDDEN,
      RequestCode.CLEAN_EXPIRED_CONSUMEQUEUE,
      RequestCode.DELETE_EXPIRED_COMMITLOG);

  /** They say nothing of the log: who is connected, who has locked what, how the broker is set up. */
  private static final Set<RequestCode> NOT_OF_THE_LOG = EnumSet.of(
      RequestCode.HEART_BEAT,
      RequestCode.UNREGISTER_CLIENT,
      RequestCode.CHECK_CLIENT_CONFIG,
      RequestCode.GET_CONSUMER_LIST_BY_GROUP,
      RequestCode.LOCK_BATCH_MQ,
      RequestCode.UNLOCK_BATCH_MQ,
      RequestCode.GET_CONSUMER_CONNECTION_LIST,
      RequestCode.GET_PRODUCER_CONNECTION_LIST,
      RequestCode.GET_ALL_PRODUCER_INFO,
      RequestCode.QUERY_SUBSCRIPTION_BY_CONSUMER,
      RequestCode.GET_CONSUMER_RUNNING_INFO,
      RequestCode
          .CONSUME_MESSAGE_DIRECTLY, // reads as VIEW_MESSAGE_BY_ID does, once a client is found
      RequestCode.INVOKE_BROKER_TO_GET_CONSUMER_STATUS,
      RequestCode.SEND_REPLY_MESSAGE,
      RequestCode.SEND_REPLY_MESSAGE_V2,
      RequestCode.GET_BROKER_CONFIG,
      RequestCode.UPDATE_BROKER_CONFIG,
      RequestCode.CLEAN_UNUSED_TOPIC,
      RequestCode.GET_SYSTEM_TOPIC_LIST_FROM_BROKER, // names that the settings bring
      RequestCode.GET_ALL_DELAY_OFFSET);

  /** Readers that new records change only in the long run, or never. */
  private static final Set<RequestCode> NOTHING_NEW =
      EnumSet.of(RequestCode.GET_MIN_OFFSET, RequestCode.VIEW_BROKER_STATS_DATA);

  @ParameterizedTest
  @EnumSource(FlushMode.class)
  void shouldShowNobodyWhatIsNotSafe(FlushMode flush) {
    // given
    List<Long> places = new ReadersWorld(flush).hide(() -> {});
    ReadersWorld world = new ReadersWorld(flush);
    Map<String, String> before = world.askAll(places);
    Map<String, String> meanwhile = new LinkedHashMap<>();

    // when
    world.hide(() -> meanwhile.putAll(world.askAll(places)));
    Map<String, String> after = world.askAll(places);

    // then
    meanwhile.replaceAll(
        (question, said) -> said.equals(ReadersWorld.WAITS) ? before.get(question) : said);
    assertThat(differing(before, meanwhile))
        .as("answers that show what is not safe")
        .isEmpty();
    Set<RequestCode> blind = EnumSet.copyOf(world.readers(places).keySet());
    blind.removeAll(NOTHING_NEW);
    differing(before, after)
        .forEach(question ->
            blind.remove(RequestCode.valueOf(question.substring(0, question.indexOf(' ')))));
    assertThat(blind).as("readers that show nothing new even when it is safe").isEmpty();
  }

  @Test
  void shouldAskEveryReaderThatThereIs() {
    // given
    ReadersWorld world = new ReadersWorld(FlushMode.SYNC);

    // when
    Set<Integer> named = new TreeSet<>();
    List.of(ON_THE_TURN, NOT_OF_THE_LOG, world.readers(List.of()).keySet())
        .forEach(codes -> codes.forEach(
            code -> assertThat(named.add(code.number())).as("%s twice", code).isTrue()));

    // then
    assertThat(named).isEqualTo(world.requests.codes());
  }

  private static List<String> differing(Map<String, String> one, Map<String, String> other) {
    assertThat(other.keySet()).isEqualTo(one.keySet());
    return one.keySet().stream()
        .filter(question -> !one.get(question).equals(other.get(question)))
        .map(question -> question + ": " + one.get(question) + " | " + other.get(question))
        .toList();
  }
}
