package io.escrowmq.client.jta;

import static io.escrowmq.client.jta.BranchIdTest.xid;
import static javax.transaction.xa.XAResource.TMENDRSCAN;
import static javax.transaction.xa.XAResource.TMFAIL;
import static javax.transaction.xa.XAResource.TMJOIN;
import static javax.transaction.xa.XAResource.TMNOFLAGS;
import static javax.transaction.xa.XAResource.TMRESUME;
import static javax.transaction.xa.XAResource.TMSTARTRSCAN;
import static javax.transaction.xa.XAResource.TMSUCCESS;
import static javax.transaction.xa.XAResource.TMSUSPEND;
import static javax.transaction.xa.XAResource.XA_OK;
import static javax.transaction.xa.XAResource.XA_RDONLY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.escrowmq.client.Compression;
import io.escrowmq.client.EscrowXAResource;
import io.escrowmq.client.Message;
import io.escrowmq.client.OverloadedException;
import io.escrowmq.client.core.BodyCompression;
import io.escrowmq.client.tx.FakeBroker;
import io.escrowmq.client.tx.FakeCluster;
import io.escrowmq.client.tx.FakeCluster.Fate;
import io.escrowmq.client.tx.FinishedByTime;
import io.escrowmq.client.tx.PreparedMessages;
import io.escrowmq.remoting.code.RequestCode;
import java.time.Duration;
import javax.transaction.xa.XAException;
import javax.transaction.xa.Xid;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the X/Open specification demands of a resource manager, with brokers in memory. */
final class BranchResourceTest {

  private static final String GROUP = "orders";
  private static final int BRANCH_BYTES = 100;

  private final FakeCluster cluster = new FakeCluster();
  private final FakeBroker a = cluster.broker("a");
  private final FakeBroker b = cluster.broker("b");
  private final Xid xid = xid(1, 8, 8);
  private Branches branches;
  private EscrowXAResource resource;

  @BeforeEach
  void start() {
    cluster.topic("t", a);
    cluster.topic("u", b);
    branches = branchesOfAnotherProcess(GROUP);
    resource = new BranchResource(branches, GROUP);
  }

  /** A client that knows only what brokers know. */
  private EscrowXAResource anotherProcess() {
    return new BranchResource(branchesOfAnotherProcess(GROUP), GROUP);
  }

  private Branches branchesOfAnotherProcess(String group) {
    PreparedMessages escrow = new PreparedMessages(
        cluster.partsOfAnotherClient(),
        group,
        Duration.ofSeconds(3),
        Duration.ofSeconds(10),
        new BodyCompression(Compression.ZLIB, 50));
    escrow.start();
    return new Branches(escrow, BRANCH_BYTES);
  }

  private void work(String... topics) throws XAException {
    resource.start(xid, TMNOFLAGS);
    for (String topic : topics) {
      resource.send(Message.to(topic).body("to " + topic));
    }
    resource.end(xid, TMSUCCESS);
  }

  @Test
  void shouldCommitInTwoPhases() throws XAException {
    // given
    work("t", "t", "u");
    assertThat(a.halves()).as("before prepare").isEmpty();

    // when
    int vote = resource.prepare(xid);
    assertThat(a.inEscrow()).hasSize(2);
    assertThat(a.visible()).isEmpty();
    resource.commit(xid, false);

    // then
    assertThat(vote).isEqualTo(XA_OK);
    assertThat(a.visible()).containsExactly("to t", "to t");
    assertThat(b.visible()).containsExactly("to u");
    fails(XAException.XAER_NOTA, () -> resource.end(xid, TMSUCCESS));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void shouldCompressBodies(boolean inOnePhase) throws XAException {
    // given
    String body = "m".repeat(BRANCH_BYTES);
    resource.start(xid, TMNOFLAGS);
    resource.send(Message.to("t").body(body));
    resource.end(xid, TMSUCCESS);

    // when
    if (!inOnePhase) {
      resource.prepare(xid);
    }
    resource.commit(xid, inOnePhase);

    // then
    assertThat(a.receivedBytes()).isLessThan(body.length() / 2);
    assertThat(a.visible()).containsExactly(body);
  }

  @Test
  void shouldHaveNothingToDoWithoutMessages() throws XAException {
    // given
    work();

    // when, then
    assertThat(resource.prepare(xid)).isEqualTo(XA_RDONLY);
    fails(XAException.XAER_NOTA, () -> resource.commit(xid, false));
  }

  @Test
  void shouldSendOneMessageAtOnceInOnePhase() throws XAException {
    // given
    work("t");

    // when
    resource.commit(xid, true);

    // then
    assertThat(a.visible()).containsExactly("to t");
    assertThat(cluster.count(RequestCode.DECIDE_TRANSACTION)).isZero();
  }

  @Test
  void shouldShowSeveralMessagesTogetherInOnePhase() throws XAException {
    // given
    work("t", "t");

    // when
    resource.commit(xid, true);

    // then
    assertThat(a.visible()).containsExactly("to t", "to t");
    assertThat(a.halves()).hasSize(2);
  }

  @Test
  void shouldRollBackBeforeAndAfterPrepare() throws XAException {
    // when
    work("t");
    resource.rollback(xid);
    work("t");
    resource.prepare(xid);
    resource.rollback(xid);

    // then
    assertThat(a.halves()).hasSize(1);
    assertThat(a.inEscrow()).isEmpty();
    assertThat(a.visible()).isEmpty();
  }

  @Test
  void shouldRollBackWhatItsManagerEndsWhileWorkGoesOn() throws XAException {
    // given
    resource.start(xid, TMNOFLAGS);
    resource.send(Message.to("t").body("m"));

    // when
    resource.rollback(xid);

    // then
    assertThatThrownBy(() -> resource.send(Message.to("t").body("m")))
        .isInstanceOf(IllegalStateException.class);
    fails(XAException.XAER_NOTA, () -> resource.end(xid, TMSUCCESS));
    work("t"); // the resource is free for others
  }

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

  @Test
  void shouldCollectWhatSeveralResourcesSendForOneBranch() throws XAException {
    // given
    resource.start(xid, TMNOFLAGS);
    EscrowXAResource second = new BranchResource(branches, GROUP);
    second.start(xid, TMJOIN);

    // when
    resource.send(Message.to("t").body("1"));
    second.send(Message.to("t").body("2"));
    resource.end(xid, TMSUCCESS);
    fails(XAException.XAER_PROTO, () -> resource.prepare(xid));
    second.end(xid, TMSUCCESS);
    second.prepare(xid);
    resource.commit(xid, false);

    // then
    assertThat(a.visible()).containsExactly("1", "2");
    assertThat(resource.isSameRM(second)).isTrue();
    assertThat(resource.isSameRM(new BranchResource(branchesOfAnotherProcess("others"), "others")))
        .isFalse();
  }

  @Test
  void shouldSuspendAndResume() throws XAException {
    // given
    resource.start(xid, TMNOFLAGS);
    resource.send(Message.to("t").body("1"));

    // when
    resource.end(xid, TMSUSPEND);
    assertThatThrownBy(() -> resource.send(Message.to("t").body("lost")))
        .isInstanceOf(IllegalStateException.class);
    fails(XAException.XAER_PROTO, () -> resource.prepare(xid));
    resource.start(xid, TMRESUME);
    resource.send(Message.to("t").body("2"));
    resource.end(xid, TMSUCCESS);
    resource.prepare(xid);
    resource.commit(xid, false);

    // then
    assertThat(a.visible()).containsExactly("1", "2");
  }

  @Test
  void shouldWorkForOneBranchAfterTheOther() throws XAException {
    // given
    Xid next = xid(1, 9, 9);
    resource.start(xid, TMNOFLAGS);
    resource.send(Message.to("t").body("1"));
    fails(XAException.XAER_PROTO, () -> resource.start(next, TMNOFLAGS));
    resource.end(xid, TMSUCCESS);

    // when
    resource.start(next, TMNOFLAGS);
    resource.send(Message.to("t").body("2"));
    resource.end(next, TMSUCCESS);
    resource.rollback(xid);
    resource.commit(next, true);

    // then
    assertThat(a.visible()).containsExactly("2");
  }

  @Test
  void shouldRefuseToPrepareWorkThatFailed() throws XAException {
    // given
    resource.start(xid, TMNOFLAGS);
    resource.send(Message.to("t").body("m"));
    resource.end(xid, TMFAIL);

    // when, then
    fails(XAException.XA_RBROLLBACK, () -> resource.prepare(xid));
    assertThat(a.halves()).isEmpty();
    fails(XAException.XAER_NOTA, () -> resource.commit(xid, false));
  }

  @Test
  void shouldRefuseWhatTheProtocolForbids() throws XAException {
    // given
    Xid unknown = xid(7, 1, 1);
    fails(XAException.XAER_NOTA, () -> resource.start(unknown, TMJOIN));
    fails(XAException.XAER_NOTA, () -> resource.start(unknown, TMRESUME));
    fails(XAException.XAER_INVAL, () -> resource.start(unknown, TMSUSPEND));
    fails(XAException.XAER_NOTA, () -> resource.end(unknown, TMSUCCESS));
    fails(XAException.XAER_NOTA, () -> resource.prepare(unknown));
    fails(XAException.XAER_NOTA, () -> resource.commit(unknown, true));
    fails(XAException.XAER_NOTA, () -> resource.commit(unknown, false));
    fails(XAException.XAER_NOTA, () -> resource.rollback(unknown));
    fails(XAException.XAER_INVAL, () -> resource.recover(TMJOIN));

    // when
    work("t");

    // then
    fails(XAException.XAER_DUPID, () -> resource.start(xid, TMNOFLAGS));
    fails(XAException.XAER_PROTO, () -> resource.end(xid, TMSUCCESS));
    fails(XAException.XAER_PROTO, () -> resource.start(xid, TMRESUME));
    fails(XAException.XAER_PROTO, () -> resource.commit(xid, false));
    resource.prepare(xid);
    fails(XAException.XAER_PROTO, () -> resource.prepare(xid));
    fails(XAException.XAER_PROTO, () -> resource.start(xid, TMJOIN));
    fails(XAException.XAER_PROTO, () -> resource.commit(xid, true));
  }

  @Test
  void shouldBoundWhatOneTransactionHas() throws XAException {
    // given
    resource.start(xid, TMNOFLAGS);
    resource.send(Message.to("t").body(new byte[60]));

    // when, then
    assertThatExceptionOfType(OverloadedException.class)
        .isThrownBy(() -> resource.send(Message.to("t").body(new byte[41])))
        .withMessageContaining("branchBytes");
    resource.send(Message.to("t").body(new byte[40]));
  }

  private static boolean decides(RequestCode code) {
    return code == RequestCode.DECIDE_TRANSACTION;
  }

  private static void fails(int errorCode, ThrowingCallable call) {
    assertThatExceptionOfType(XAException.class)
        .isThrownBy(call)
        .satisfies(
            failure -> assertThat(failure.errorCode).as(failure.getMessage()).isEqualTo(errorCode));
  }
}
