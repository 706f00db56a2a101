package io.escrowmq.remoting;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.code.ResponseCode;
import java.lang.management.ManagementFactory;
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
  private @Nullable Throwable thrown; // instead of a refusal

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

  @ParameterizedTest
  @ValueSource(strings = {"permit", "permit a"})
  void shouldRefuseWhatAPolicyFailsToJudge(String failing) {
    for (Throwable failure : List.of(new IllegalStateException("no"), new StackOverflowError())) {
      // given
      steps.clear();
      thrown = failure;

      // when
      FakeCall call = dispatch(failing);

      // then
      assertThat(steps).isEqualTo(ALL_STEPS.subList(0, ALL_STEPS.indexOf(failing) + 1));
      assertThat(call.replyCode()).isEqualTo(ResponseCode.NO_PERMISSION);
      assertThat(call.reply().remark()).contains("cannot be said now", "policy", "try again");
    }
    assertThat(counts.refusedRequests()).isEqualTo(2);
  }

  @Test
  void shouldMakeNothingToAskAPolicyThatLooksAtNoNames() {
    // given
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    Rights[] rights = new Rights[1];
    RequestTable table = RequestTable.of(RequestTable.onAsking(
            RequestCode.PULL_MESSAGE,
            HeaderReader.RAW,
            Permission.READ,
            (call, header, given) -> rights[0] = given))
        .behind(Gate.of(Policy.forAll(Permission.ALL)));
    table.dispatch(new FakeCall(RequestCode.PULL_MESSAGE));
    int questions = 10_000;

    // when
    long before = threads.getCurrentThreadAllocatedBytes();
    int refused = 0;
    for (int i = 0; i < questions; i++) {
      refused += rights[0].refusalOfTopic("t") == null ? 0 : 1;
      refused += rights[0].refusalOfGroup("g") == null ? 0 : 1;
      refused += rights[0].refusalOfBroker("b") == null ? 0 : 1;
    }
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;

    // then
    assertThat(refused).isZero();
    assertThat(allocated).isLessThan(questions);
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
    if (!name.equals(refusing)) {
      return null;
    }
    if (thrown instanceof Error error) {
      throw error;
    }
    if (thrown instanceof RuntimeException exception) {
      throw exception;
    }
    return "no";
  }
}
