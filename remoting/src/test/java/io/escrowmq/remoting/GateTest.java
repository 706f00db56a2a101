package io.escrowmq.remoting;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.code.ResponseCode;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a request passes on its way to its handler, and in which order. */
class GateTest {

  private static final List<String> ALL_STEPS =
      List.of("authenticate", "permit", "admit", "read", "permit a", "quota", "handle");

  private record Header(String topic) implements OfTopic {}

  private final List<String> steps = new ArrayList<>();
  private final RequestCounts counts = new RequestCounts(() -> 0);

  @Test
  void shouldTakeEachStepInItsOrder() {
    // when
    FakeCall call = dispatch("none");

    // then
    assertThat(steps).isEqualTo(ALL_STEPS);
    assertThat(call.isAnswered()).isFalse();
    assertThat(counts.handled(Permission.READ)).isEqualTo(1);
    assertThat(counts.refusedRequests()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"authenticate", "permit", "admit", "permit a", "quota"})
  void shouldGoNoFurtherThanTheStepThatRefuses(String refusing) {
    // when
    FakeCall call = dispatch(refusing);

    // then
    assertThat(steps).isEqualTo(ALL_STEPS.subList(0, ALL_STEPS.indexOf(refusing) + 1));
    assertThat(call.replyCode())
        .isEqualTo(
            Set.of("admit", "quota").contains(refusing)
                ? ResponseCode.SYSTEM_BUSY
                : ResponseCode.NO_PERMISSION);
    assertThat(counts.handled(Permission.READ)).isZero();
    assertThat(counts.refusedRequests()).isEqualTo(1);
  }

  @Test
  void shouldTimeOneInSoManyRequests() {
    // given
    long[] now = {0};
    RequestCounts timed = new RequestCounts(() -> now[0]);
    RequestTable table = RequestTable.of(RequestTable.on(
            RequestCode.PULL_MESSAGE, HeaderReader.RAW, Permission.READ, (call, h) -> now[0] += 3))
        .behind(Gate.of(Policy.forAll(Permission.ALL), timed));

    // when
    for (int i = 0; i < 2 * RequestCounts.ONE_IN; i++) {
      table.dispatch(new FakeCall(RequestCode.PULL_MESSAGE));
    }

    // then
    assertThat(timed.handled(Permission.READ)).isEqualTo(2 * RequestCounts.ONE_IN);
    assertThat(timed.timed()).isEqualTo(2);
    assertThat(timed.nanos()).isEqualTo(6);
  }

  @Test
  void shouldRefuseUnreadWhatABusyServerTakesFromNobody() {
    // given
    Reply busy = Reply.refused(ResponseCode.SYSTEM_BUSY, "no");
    RequestTable table = pulls(() -> busy).behind(Gate.of(Policy.forAll(Permission.ALL), counts));

    // then
    assertThat(table.refusalUnread(RequestCode.PULL_MESSAGE.number())).isSameAs(busy);
    assertThat(counts.refusedRequests()).as("asking counts nothing").isZero();
    table.countRefusedUnread();
    assertThat(counts.refusedRequests()).isEqualTo(1);
    assertThat(table.refusalUnread(RequestCode.SEND_MESSAGE.number())).isNull();
    assertThat(table.refusalUnread(-5)).isNull();
  }

  @Test
  void shouldReadWhatIsTakenOrForbiddenOrComesFromThoseWhoLogIn() {
    // given
    Reply busy = Reply.refused(ResponseCode.SYSTEM_BUSY, "no");
    int pull = RequestCode.PULL_MESSAGE.number();
    Policy all = Policy.forAll(Permission.ALL);

    // then
    assertThat(pulls(() -> null).behind(Gate.of(all, counts)).refusalUnread(pull))
        .isNull();
    assertThat(pulls(() -> busy)
            .behind(Gate.of(Policy.forAll(EnumSet.of(Permission.WRITE)), counts))
            .refusalUnread(pull))
        .isNull();
    Gate login =
        new Gate(call -> Caller.ANONYMOUS, all, (caller, permission, call) -> null, counts);
    assertThat(pulls(() -> busy).behind(login).refusalUnread(pull)).isNull();
    assertThat(counts.refusedRequests()).isZero();
  }

  private static RequestTable pulls(RequestTable.Admission admission) {
    return RequestTable.of(RequestTable.on(
            RequestCode.PULL_MESSAGE, HeaderReader.RAW, Permission.READ, (call, h) -> {})
        .admittedBy(admission));
  }

  private FakeCall dispatch(String refusing) {
    Policy policy = new Policy() {
      @Override
      public @Nullable String refusal(Caller caller, RequestCode code, Permission permission) {
        return step("permit", refusing);
      }

      @Override
      public @Nullable String refusal(Caller caller, Permission permission, Object header) {
        return step("permit " + ((OfTopic) header).topic(), refusing);
      }
    };
    Gate gate = new Gate(
        call -> step("authenticate", refusing) == null ? Caller.ANONYMOUS : null,
        policy,
        (caller, permission, call) -> step("quota", refusing),
        counts);
    RequestTable table = RequestTable.of(RequestTable.on(
                RequestCode.PULL_MESSAGE,
                fields -> {
                  steps.add("read");
                  return new Header("a");
                },
                Permission.READ,
                (call, header) -> steps.add("handle"))
            .admittedBy(() -> {
              String why = step("admit", refusing);
              return why == null ? null : Reply.refused(ResponseCode.SYSTEM_BUSY, why);
            }))
        .behind(gate);
    FakeCall call = new FakeCall(RequestCode.PULL_MESSAGE);
    table.dispatch(call);
    return call;
  }

  private @Nullable String step(String name, String refusing) {
    steps.add(name);
    return name.equals(refusing) ? "no" : null;
  }
}
