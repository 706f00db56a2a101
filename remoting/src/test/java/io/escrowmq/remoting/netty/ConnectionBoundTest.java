package io.escrowmq.remoting.netty;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

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
}
