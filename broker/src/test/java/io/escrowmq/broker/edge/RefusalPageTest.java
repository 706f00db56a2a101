package io.escrowmq.broker.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.broker.refusal.Refusal;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.tx.Admission;
import io.escrowmq.tx.Decider;
import io.escrowmq.tx.Decision;
import io.escrowmq.tx.Verdict;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever the core refuses, its sender is told a number, and words that say every value. */
class RefusalPageTest {

  private static final Decision DECISION =
      new Decision(1, Verdict.COMMIT, Decider.OPERATOR, 1_700_000_000_000L);

  static Stream<Class<?>> kinds() {
    return Arrays.stream(Refusal.class.getPermittedSubclasses());
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void shouldTellEveryValueOfEveryRefusal(Class<?> kind) throws ReflectiveOperationException {
    // given
    List<String> values = new ArrayList<>();
    Refusal refusal = example(kind, values);

    // when
    Reply reply = RefusalPage.reply(refusal);

    // then
    assertThat(reply.code()).isNotEqualTo(ResponseCode.SUCCESS);
    assertThat(reply.remark()).isNotBlank().doesNotContain("null");
    assertThat(values).allSatisfy(value -> assertThat(reply.remark()).contains(value));
  }

  @ParameterizedTest
  @EnumSource(Admission.Limit.class)
  void shouldNameTheLimitOfEscrow(Admission.Limit limit) {
    // when
    String words = RefusalPage.words(new Refusal.EscrowFull(limit, 12, 10, "orders"));

    // then
    assertThat(words).startsWith("[OVERLOAD] 12 ").contains("at most 10 may be");
  }

  @Test
  void shouldAnswerForAllWithTheCodeOfTheOneThatIsRefused() {
    // when
    Reply reply = RefusalPage.reply(
        new Refusal.OneOfMany("topic a", new Refusal.BadValue("perm 9 is too much"), 3));

    // then
    assertThat(reply.code()).isEqualTo(ResponseCode.INVALID_PARAMETER);
    assertThat(reply.remark()).isEqualTo("topic a: perm 9 is too much; none of the 3 is changed");
  }

  private static Refusal example(Class<?> kind, List<String> values)
      throws ReflectiveOperationException {
    RecordComponent[] components = kind.getRecordComponents();
    Object[] arguments = new Object[components.length];
    Class<?>[] types = new Class<?>[components.length];
    for (int i = 0; i < components.length; i++) {
      types[i] = components[i].getType();
      arguments[i] = value(types[i], 7_001 + i);
      boolean isTold = types[i] == int.class || types[i] == long.class || types[i] == String.class;
      if (isTold && !(kind == Refusal.EscrowFull.class && types[i] == String.class)) {
        values.add(arguments[i].toString());
      }
    }
    return (Refusal) kind.getDeclaredConstructor(types).newInstance(arguments);
  }

  private static Object value(Class<?> type, int number) {
    if (type == int.class) {
      return number;
    }
    if (type == long.class) {
      return (long) number;
    }
    if (type == String.class) {
      return "text-" + number;
    }
    if (type == boolean.class) {
      return true;
    }
    if (type == Admission.Limit.class) {
      return Admission.Limit.BYTES;
    }
    if (type == Decision.class) {
      return DECISION;
    }
    if (type == Refusal.class) {
      return new Refusal.InboxFull(number);
    }
    throw new AssertionError("no example of " + type);
  }
}
