package io.escrowmq.broker.tx;

import static io.escrowmq.broker.tx.TestTransactions.TOPIC;
import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.remoting.FakeCall;
import io.escrowmq.remoting.code.ResponseCode;
import io.escrowmq.store.SimulatedFileSystem.Operation;
import io.escrowmq.store.StorageException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whoever connects takes descriptors: when none is left for the next segment, that passes. */
class TooManyOpenFilesTest {

  private static final String BODY = "x".repeat(50_000);

  private final TestTransactions transactions = new TestTransactions();

  @AfterEach
  void close() {
    transactions.close();
  }

  @Test
  void shouldRefuseSendsAsRetriableWhileNoSegmentCanBeOpenedAndGoOnAfterwards() {
    // given
    transactions.broker.files.fault((operation, file) -> {
      if (operation == Operation.OPEN) {
        throw new StorageException(StorageException.Reason.IO, file + ": Too many open files");
      }
    });

    // when
    int taken = 0;
    FakeCall last = transactions.sendPlain(TOPIC, 0, BODY);
    while (last.replyCode() == ResponseCode.SUCCESS && taken < 100) {
      taken++;
      last = transactions.sendPlain(TOPIC, 0, BODY);
    }

    // then
    assertThat(last.replyCode()).isEqualTo(ResponseCode.SERVICE_NOT_AVAILABLE);
    assertThat(last.reply().remark()).contains("Too many open files");
    assertThat(transactions.broker.loop.stopped()).isNull();

    // when
    transactions.broker.files.fault((operation, file) -> {});
    transactions.broker.clock.advance(100);

    // then
    assertThat(transactions.sendPlain(TOPIC, 0, BODY).replyCode()).isEqualTo(ResponseCode.SUCCESS);
    assertThat(transactions.visible(TOPIC, 0)).hasSize(taken + 1);
  }
}
