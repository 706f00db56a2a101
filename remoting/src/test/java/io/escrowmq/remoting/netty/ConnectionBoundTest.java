package io.escrowmq.remoting.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class ConnectionBoundTest {

  private static final int WANTED = 10_000;

  @Test
  void shouldTakeAllThatAreWantedWhereTheFilesHaveTheirDescriptors() {
    assertThat(ConnectionBound.of(WANTED, WANTED + ConnectionBound.FOR_FILES)).isEqualTo(WANTED);
    assertThat(ConnectionBound.of(WANTED, Long.MAX_VALUE)).isEqualTo(WANTED);
  }

  @Test
  void shouldTakeOneLessWhereOneDescriptorIsMissing() {
    assertThat(ConnectionBound.of(WANTED, WANTED + ConnectionBound.FOR_FILES - 1))
        .isEqualTo(WANTED - 1);
    assertThat(ConnectionBound.of(WANTED, 1_024)).isEqualTo(768);
  }

  @Test
  void shouldLeaveHalfOfFewDescriptorsToTheFiles() {
    assertThat(ConnectionBound.of(WANTED, 200)).isEqualTo(100);
    assertThat(ConnectionBound.of(WANTED, 1)).isOne();
  }

  @Test
  void shouldTakeAllThatAreWantedWhereNobodyKnowsTheLimit() {
    assertThat(ConnectionBound.of(WANTED, -1)).isEqualTo(WANTED);
  }

  @Test
  void shouldWarnWithBothNumbersInAProcessThatMayNotHaveSoManyDescriptors() {
    // given
    Logger logger = (Logger) LoggerFactory.getLogger(ConnectionBound.class);
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    lines.start();
    logger.addAppender(lines);

    // when
    int most = ConnectionBound.ofThisProcess(Integer.MAX_VALUE);
    int few = ConnectionBound.ofThisProcess(1);
    logger.detachAppender(lines);

    // then
    assumeThat(most).as("a process without a limit").isLessThan(Integer.MAX_VALUE);
    assertThat(few).isOne();
    assertThat(lines.list).hasSize(1);
    assertThat(lines.list.get(0).getLevel()).isEqualTo(Level.WARN);
    assertThat(lines.list.get(0).getFormattedMessage())
        .contains("at most " + most + " connections")
        .contains("instead of " + Integer.MAX_VALUE)
        .contains("ulimit -n");
  }
}
