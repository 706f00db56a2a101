package io.escrowmq.broker.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.remoting.FakeCall;
import io.escrowmq.remoting.code.ResponseCode;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What holds of every list that is refused: nothing is changed, and its first bad member is named. */
public final class RefusedLists {

  private RefusedLists() {}

  /**
   * Sends a list with bad members, and then what stands before the first of them.
   *
   * @param name what a member is called in refusals, as in "group g"
   * @param firstBad which member it is; null when that is for the broker to find out
   */
  public static <M> void check(
      TestLog broker,
      List<M> members,
      Function<M, String> name,
      @Nullable M firstBad,
      Function<List<M>, FakeCall> sending) {
    // given
    byte[] before = broker.stateBytes();

    // when
    FakeCall refused = sending.apply(members);

    // then
    String remark = String.valueOf(refused.reply().remark());
    assertThat(refused.replyCode()).as(remark).isNotEqualTo(ResponseCode.SUCCESS);
    assertThat(broker.stateBytes()).as(remark).isEqualTo(before);
    assertThat(remark).contains("none of the " + members.size());
    List<M> named =
        members.stream().filter(m -> remark.startsWith(name.apply(m) + ": ")).toList();
    assertThat(named).as(remark).hasSize(1);
    if (firstBad != null) {
      assertThat(named).containsExactly(firstBad);
    }
    broker.clock.advance(1_000); // room is asked for again after a while
    FakeCall good = sending.apply(members.subList(0, members.indexOf(named.get(0))));
    assertThat(good.replyCode()).as(good.reply().remark()).isEqualTo(ResponseCode.SUCCESS);
  }
}
