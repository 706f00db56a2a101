package io.escrowmq.client.jta;

import static io.escrowmq.client.jta.BranchIdTest.xid;
import static javax.transaction.xa.XAResource.TMENDRSCAN;
import static javax.transaction.xa.XAResource.TMNOFLAGS;
import static javax.transaction.xa.XAResource.TMSTARTRSCAN;
import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.client.EscrowXAResource;
import io.escrowmq.client.tx.FakeCluster.Fate;
import io.escrowmq.client.tx.FinishedByTime;
import io.escrowmq.remoting.code.RequestCode;
import java.time.Duration;
import javax.transaction.xa.XAException;
import javax.transaction.xa.Xid;
import org.junit.jupiter.api.Test;

/** What becomes of branches when processes die, brokers do not answer, or operators decide. */
final class BranchRecoveryTest extends BranchBed {

  @Test
  void shouldRecoverInAnotherProcess() throws XAException {
    // given
    work("t", "u");
    resource.prepare(xid);
    EscrowXAResource other = anotherProcess();

    // when
    Xid[] found = other.recover(TMSTARTRSCAN | TMENDRSCAN);
    other.commit(found[0], false);

    // then
    assertThat(found).hasSize(1);
    assertThat(BranchId.of(found[0])).isEqualTo(BranchId.of(xid));
    assertThat(a.visible()).containsExactly("to t");
    assertThat(b.visible()).containsExactly("to u");
    assertThat(other.recover(TMSTARTRSCAN)).isEmpty();
    assertThat(other.recover(TMNOFLAGS)).isEmpty();
  }

  @Test
  void shouldRollBackInAnotherProcessWhatWasNotPreparedCompletely() throws XAException {
    // given: the process dies while it prepares
    work("t", "u");
    cluster.fates((address, code) ->
        address.equals(b.address()) || decides(code) ? Fate.NOT_SENT : Fate.ANSWERED);
    try (FinishedByTime byTime = new FinishedByTime(cluster.timer())) {
      byTime.run(() -> {
        fails(XAException.XA_RBOTHER, () -> resource.prepare(xid));
        return 0;
      });
    }
    cluster.timer().advance(Duration.ofMinutes(1));
    cluster.fates((address, code) -> Fate.ANSWERED);
    EscrowXAResource other = anotherProcess();
    assertThat(a.inEscrow()).containsExactly("to t");

    // when
    Xid[] found = other.recover(TMSTARTRSCAN);
    other.rollback(found[0]);

    // then
    assertThat(found).hasSize(1);
    assertThat(a.inEscrow()).isEmpty();
    assertThat(a.visible()).isEmpty();
  }

  @Test
  void shouldRollBackItselfWhenAMessageIsNotTaken() throws XAException {
    // given
    work("t", "u");
    cluster.fates(
        (address, code) -> address.equals(b.address()) && code == RequestCode.SEND_MESSAGE_V2
            ? Fate.ANSWER_LOST
            : Fate.ANSWERED);

    // when
    fails(XAException.XA_RBCOMMFAIL, () -> resource.prepare(xid));

    // then
    assertThat(a.inEscrow()).isEmpty();
    assertThat(b.inEscrow()).isEmpty();
    fails(XAException.XAER_NOTA, () -> resource.forget(xid));
  }

  @Test
  void shouldBeToldAgainWhenABrokerCannotBeReached() throws XAException {
    // given
    work("t", "u");
    resource.prepare(xid);
    cluster.fates((address, code) ->
        address.equals(b.address()) && decides(code) ? Fate.NOT_SENT : Fate.ANSWERED);

    // when
    try (FinishedByTime byTime = new FinishedByTime(cluster.timer())) {
      byTime.run(() -> {
        fails(XAException.XAER_RMFAIL, () -> resource.commit(xid, false));
        return 0;
      });
    }
    cluster.fates((address, code) -> Fate.ANSWERED);
    resource.commit(xid, false);

    // then
    assertThat(a.visible()).containsExactly("to t");
    assertThat(b.visible()).containsExactly("to u");
  }

  @Test
  void shouldNotScanWhenABrokerCannotBeReached() {
    // given
    cluster.fates((address, code) -> address.equals(b.address()) ? Fate.NOT_SENT : Fate.ANSWERED);

    // when, then
    fails(XAException.XAER_RMFAIL, () -> resource.recover(TMSTARTRSCAN));
  }

  @Test
  void shouldReportWhatOperatorsDecided() throws XAException {
    // given
    work("t");
    resource.prepare(xid);
    a.order(BranchId.of(xid).name(), "ROLLBACK");

    // when
    fails(XAException.XA_HEURRB, () -> resource.commit(xid, false));

    // then
    assertThat(resource.recover(TMSTARTRSCAN)).hasSize(1);
    resource.forget(xid);
    assertThat(resource.recover(TMSTARTRSCAN)).isEmpty();
    fails(XAException.XAER_NOTA, () -> resource.forget(xid));
  }

  @Test
  void shouldReportThatItIsCommittedAgainstARollBack() throws XAException {
    // given
    work("t");
    resource.prepare(xid);
    a.order(BranchId.of(xid).name(), "COMMIT");

    // when, then
    fails(XAException.XA_HEURCOM, () -> resource.rollback(xid));
  }

  @Test
  void shouldReportThatBrokersDisagree() throws XAException {
    // given
    work("t", "u");
    resource.prepare(xid);
    a.order(BranchId.of(xid).name(), "ROLLBACK");

    // when, then
    fails(XAException.XA_HEURMIX, () -> resource.commit(xid, false));
    assertThat(b.visible()).containsExactly("to u");
  }

  @Test
  void shouldReportThatABrokerHasLostItsPart() throws XAException {
    // given
    work("t");
    resource.prepare(xid);
    a.loseHalves();

    // when, then
    fails(XAException.XA_HEURHAZ, () -> resource.commit(xid, false));
  }

  @Test
  void shouldSayThatItMayBeSentWhenOnePhaseGotNoAnswer() throws XAException {
    // given
    work("t");
    cluster.fates(
        (address, code) -> code == RequestCode.SEND_MESSAGE_V2 ? Fate.ANSWER_LOST : Fate.ANSWERED);

    // when, then
    fails(XAException.XA_HEURHAZ, () -> resource.commit(xid, true));
  }

  @Test
  void shouldLeaveToRecoveryWhatWasNotConfirmedInOnePhase() throws XAException {
    // given
    work("t", "t");
    cluster.fates((address, code) -> decides(code) ? Fate.NOT_SENT : Fate.ANSWERED);

    // when
    try (FinishedByTime byTime = new FinishedByTime(cluster.timer())) {
      byTime.run(() -> {
        fails(XAException.XA_HEURHAZ, () -> resource.commit(xid, true));
        return 0;
      });
    }
    cluster.fates((address, code) -> Fate.ANSWERED);
    resource.forget(xid);
    Xid[] found = resource.recover(TMSTARTRSCAN);
    resource.rollback(found[0]);

    // then
    assertThat(found).hasSize(1);
    assertThat(a.inEscrow()).isEmpty();
    assertThat(a.visible()).isEmpty();
    work("t"); // the branch is forgotten
  }
}
