package io.escrowmq.client.jta;

import static io.escrowmq.client.jta.BranchIdTest.xid;
import static javax.transaction.xa.XAResource.TMNOFLAGS;
import static javax.transaction.xa.XAResource.TMSTARTRSCAN;
import static javax.transaction.xa.XAResource.TMSUCCESS;
import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.client.EscrowXAResource;
import io.escrowmq.client.Message;
import io.escrowmq.client.tx.FakeBroker;
import io.escrowmq.client.tx.FakeCluster;
import io.escrowmq.client.tx.FakeCluster.Fate;
import io.escrowmq.remoting.code.RequestCode;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import javax.transaction.xa.Xid;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A manager's thread rolls back a branch while another one stores its messages. */
final class BranchEndedMeanwhileTest {

  private final FakeCluster cluster = new FakeCluster();
  private final FakeBroker broker = cluster.broker("a");
  private final CountDownLatch sent = new CountDownLatch(1);
  private final Xid xid = xid(1, 8, 8);
  private EscrowXAResource resource;

  @BeforeEach
  void start() {
    cluster.topic("t", broker);
    resource = new BranchResource(BranchBed.branches(cluster, "group"), "group");
  }

  /** Its messages are sent, and not yet answered. */
  private CompletableFuture<Integer> ending(int messages, boolean onePhase) throws Exception {
    resource.start(xid, TMNOFLAGS);
    for (int i = 0; i < messages; i++) {
      resource.send(Message.to("t").body("m"));
    }
    resource.end(xid, TMSUCCESS);
    cluster.fates((address, code) -> {
      if (code != RequestCode.SEND_MESSAGE_V2) {
        return Fate.ANSWERED;
      }
      sent.countDown();
      return Fate.ANSWER_LATE;
    });
    CompletableFuture<Integer> ending = CompletableFuture.supplyAsync(() -> end(onePhase));
    sent.await();
    return ending;
  }

  @ParameterizedTest
  @CsvSource({"1, false", "2, false", "2, true"})
  void shouldLeaveNothingOfABranchThatIsRolledBackWhileItIsStored(int messages, boolean onePhase)
      throws Exception {
    // given
    CompletableFuture<Integer> ending = ending(messages, onePhase);

    // when
    resource.rollback(xid);
    while (!ending.isDone()) {
      cluster.answerNow();
    }

    // then
    assertThat(ending.join()).isEqualTo(XAException.XA_RBROLLBACK);
    assertThat(broker.inEscrow()).isEmpty();
    assertThat(broker.visible()).isEmpty();
    assertThat(resource.recover(TMSTARTRSCAN)).isEmpty();
  }

  @Test
  void shouldPrepareABranchOnlyOnce() throws Exception {
    // given
    CompletableFuture<Integer> ending = ending(1, false);

    // when
    int second = end(false);
    while (!ending.isDone()) {
      cluster.answerNow();
    }

    // then
    assertThat(second).isEqualTo(XAException.XAER_PROTO);
    assertThat(ending.join()).isEqualTo(XAResource.XA_OK);
    resource.commit(xid, false);
    assertThat(broker.visible()).containsExactly("m");
  }

  /** What the manager is told: a vote, or an error. */
  private int end(boolean onePhase) {
    try {
      if (!onePhase) {
        return resource.prepare(xid);
      }
      resource.commit(xid, true);
      return 0;
    } catch (XAException e) {
      return e.errorCode;
    }
  }
}
