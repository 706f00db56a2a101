package io.escrowmq.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.escrowmq.store.SimulatedFileSystem.Operation;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Where the log begins is recorded before anything is deleted. */
final class LogIdentityTest {

  private static final LogSettings SETTINGS = new LogSettings(65_536, 0, FlushMode.ASYNC);

  @ParameterizedTest
  @EnumSource(
      value = Operation.class,
      names = {"OPEN", "WRITE", "SYNC"})
  void shouldDeleteNothingAndGoOnWhileTheStartCannotBeRecorded(Operation failing) {
    // given
    SimulatedFileSystem files = new SimulatedFileSystem(1);
    CommitLog log = open(files);
    for (int i = 0; i < 6; i++) {
      append(log);
    }
    log.sync();
    files.fault((operation, file) -> {
      if (operation == failing && file.endsWith(LogIdentity.NAME)) {
        throw new StorageException(StorageException.Reason.IO, file + ": Too many open files");
      }
    });

    // when
    assertThatThrownBy(() -> log.deleteBefore(131_072)).hasMessageContaining("Too many open files");

    // then
    assertThat(log.failure()).isNull();
    assertThat(log.start()).isZero();

    // when
    files.fault((operation, file) -> {});
    append(log);
    log.deleteBefore(131_072);
    log.close();
    files.kill();

    // then
    assertThat(open(files).start()).isEqualTo(131_072);
  }

  private static CommitLog open(SimulatedFileSystem files) {
    return CommitLog.open(files, LogModel.DIRECTORY, SETTINGS, 0, LogModel.CLOCK, LogModel.SECRETS);
  }

  private static void append(CommitLog log) {
    byte[] payload = new byte[40_000];
    assertThat(log.room().forMessage(payload.length)).isTrue();
    log.append(RecordKind.MESSAGE, 0, payload.length, Payloads.of(payload));
    log.write();
  }
}
