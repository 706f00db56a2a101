package io.escrowmq.remoting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OrderedFutureTest {

  private final OrderedFuture<String> awaited = new OrderedFuture<>();
  private final List<String> served = new ArrayList<>();

  @Test
  void shouldServeInTheOrderOfComing() {
    // given
    awaited.then((value, failure) -> served.add("first " + value));
    awaited.then((value, failure) -> served.add("second " + value));

    // when
    awaited.complete("it");
    awaited.then((value, failure) -> served.add("third " + value));

    // then
    assertThat(served).containsExactly("first it", "second it", "third it");
    assertThat(awaited.now()).isEqualTo("it");
  }

  @Test
  void shouldLetNobodyOvertakeThoseWhoStillWait() {
    // given
    awaited.then((value, failure) -> {
      served.add("first");
      awaited.then((again, none) -> served.add("came while the first was served"));
      served.add("now " + awaited.now());
    });
    awaited.then((value, failure) -> served.add("second"));

    // when
    awaited.complete("it");

    // then
    assertThat(served)
        .containsExactly("first", "now null", "second", "came while the first was served");
  }

  @Test
  void shouldCountTheFirstEndOnly() {
    // given
    IllegalStateException why = new IllegalStateException("gone");

    // when
    awaited.fail(why);
    awaited.complete("too late");
    awaited.then((value, failure) -> served.add(value + " " + failure));

    // then
    assertThat(served).containsExactly("null " + why);
    assertThat(awaited.now()).isNull();
  }

  @Test
  void shouldServeTheOthersWhenOneFails() {
    // given
    awaited.then((value, failure) -> {
      throw new IllegalStateException("on purpose");
    });
    awaited.then((value, failure) -> served.add("second"));

    // then
    assertThatThrownBy(() -> awaited.complete("it")).hasMessage("on purpose");
    assertThat(served).containsExactly("second");
    assertThat(awaited.now()).isEqualTo("it");
  }
}
