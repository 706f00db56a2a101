package io.escrowmq.client.jta;

import static io.escrowmq.client.jta.BranchIdTest.xid;
import static javax.transaction.xa.XAResource.TMFAIL;
import static javax.transaction.xa.XAResource.TMJOIN;
import static javax.transaction.xa.XAResource.TMNOFLAGS;
import static javax.transaction.xa.XAResource.TMRESUME;
import static javax.transaction.xa.XAResource.TMSUCCESS;
import static javax.transaction.xa.XAResource.TMSUSPEND;
import static javax.transaction.xa.XAResource.XA_OK;
import static javax.transaction.xa.XAResource.XA_RDONLY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.escrowmq.client.EscrowXAResource;
import io.escrowmq.client.Message;
import io.escrowmq.client.OverloadedException;
import io.escrowmq.remoting.code.RequestCode;
import javax.transaction.xa.XAException;
import javax.transaction.xa.Xid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the X/Open specification demands of a resource manager, with brokers in memory. */
final class BranchResourceTest extends BranchBed {

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
}
