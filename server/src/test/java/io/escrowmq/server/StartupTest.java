package io.escrowmq.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StartupTest {

  private final List<String> happened = new ArrayList<>();
  private final Startup startup = new Startup();

  @Test
  void shouldStopInReverse() {
    // given
    startup.start("the first", () -> happened.add("start 1"), () -> happened.add("stop 1"));
    startup.start("the second", () -> happened.add("start 2"), () -> happened.add("stop 2"));

    // when
    startup.close();

    // then
    assertThat(happened).containsExactly("start 1", "start 2", "stop 2", "stop 1");
  }

  @Test
  void shouldStopEverythingOnceAtMost() {
    // given
    startup.start("the first", () -> {}, () -> happened.add("stop 1"));

    // when
    startup.close();
    startup.close();

    // then
    assertThat(happened).containsExactly("stop 1");
  }

  @Test
  void shouldTellTheFirstFailurePlainlyAndStopWhatRuns() {
    // given
    startup.start("the name server", () -> {}, () -> happened.add("stop 1"));

    // when
    StartupException failure = catchThrowableOfType(
        StartupException.class,
        () -> startup.start(
            "the broker",
            () -> {
              throw new IllegalStateException("port 1 is taken");
            },
            () -> happened.add("stop 2")));

    // then
    assertThat(failure).hasMessage("The broker did not start: port 1 is taken");
    assertThat(happened).containsExactly("stop 2", "stop 1");
  }

  @Test
  void shouldStopTheOthersWhenOneFailsToStop() {
    // given
    startup.start("the first", () -> {}, () -> happened.add("stop 1"));
    startup.start("the second", () -> {}, () -> {
      throw new IllegalStateException("stuck");
    });

    // when
    startup.close();

    // then
    assertThat(happened).containsExactly("stop 1");
  }

  @Test
  void shouldStartNothingMoreOnceClosed() {
    // given
    startup.close();

    // when
    StartupException failure = catchThrowableOfType(
        StartupException.class,
        () -> startup.start("the broker", () -> happened.add("start"), () -> {}));

    // then
    assertThat(failure).hasMessageContaining("Stopped before the broker started");
    assertThat(happened).isEmpty();
  }
}
