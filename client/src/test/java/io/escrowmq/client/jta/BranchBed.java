package io.escrowmq.client.jta;

import static io.escrowmq.client.jta.BranchIdTest.xid;
import static javax.transaction.xa.XAResource.TMNOFLAGS;
import static javax.transaction.xa.XAResource.TMSUCCESS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.escrowmq.client.Compression;
import io.escrowmq.client.EscrowXAResource;
import io.escrowmq.client.Message;
import io.escrowmq.client.core.BodyCompression;
import io.escrowmq.client.tx.FakeBroker;
import io.escrowmq.client.tx.FakeCluster;
import io.escrowmq.client.tx.PreparedMessages;
import io.escrowmq.remoting.code.RequestCode;
import java.time.Duration;
import javax.transaction.xa.XAException;
import javax.transaction.xa.Xid;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;

/** A resource manager of one group, over two brokers in memory. */
abstract class BranchBed {

  static final String GROUP = "orders";
  static final int BRANCH_BYTES = 100;

  final FakeCluster cluster = new FakeCluster();
  final FakeBroker a = cluster.broker("a");
  final FakeBroker b = cluster.broker("b");
  final Xid xid = xid(1, 8, 8);
  Branches branches;
  EscrowXAResource resource;

  @BeforeEach
  void start() {
    cluster.topic("t", a);
    cluster.topic("u", b);
    branches = branchesOfAnotherProcess(GROUP);
    resource = new BranchResource(branches, GROUP);
  }

  /** A client that knows only what brokers know. */
  EscrowXAResource anotherProcess() {
    return new BranchResource(branchesOfAnotherProcess(GROUP), GROUP);
  }

  Branches branchesOfAnotherProcess(String group) {
    return branches(cluster, group);
  }

  /** Of a client that knows only what the cluster's brokers know. */
  static Branches branches(FakeCluster cluster, String group) {
    PreparedMessages escrow = new PreparedMessages(
        cluster.partsOfAnotherClient(),
        group,
        Duration.ofSeconds(3),
        Duration.ofSeconds(10),
        new BodyCompression(Compression.ZLIB, 50));
    escrow.start();
    return new Branches(escrow, BRANCH_BYTES);
  }

  void work(String... topics) throws XAException {
    resource.start(xid, TMNOFLAGS);
    for (String topic : topics) {
      resource.send(Message.to(topic).body("to " + topic));
    }
    resource.end(xid, TMSUCCESS);
  }

  static boolean decides(RequestCode code) {
    return code == RequestCode.DECIDE_TRANSACTION;
  }

  static void fails(int errorCode, ThrowingCallable call) {
    assertThatExceptionOfType(XAException.class)
        .isThrownBy(call)
        .satisfies(
            failure -> assertThat(failure.errorCode).as(failure.getMessage()).isEqualTo(errorCode));
  }
}
