package io.escrowmq.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.client.EscrowClient;
import io.escrowmq.client.EscrowJta;
import io.escrowmq.client.EscrowXAResource;
import io.escrowmq.client.Message;
import java.nio.charset.StandardCharsets;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import javax.transaction.xa.Xid;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Messages as a party of a distributed transaction, against a real broker; the test is the manager. */
@SystemTest
@EnabledIfSystemProperty(named = "systemtests.target", matches = "escrowmq")
final class OwnXaTest {

  @AutoClose
  private final OwnClients clients;

  private final String group;
  private final TransactionRequests requests;

  OwnXaTest(TestBed bed) {
    clients = new OwnClients(bed);
    group = clients.freshGroup();
    requests = new TransactionRequests(clients.others());
  }

  @Test
  void shouldShowBranchesWhenTheyAreCommitted() throws XAException {
    // given
    String topic = clients.freshTopic(1);
    Audience audience = new Audience(clients.others(), topic);
    EscrowXAResource resource =
        EscrowJta.on(clients.client()).group(group).build().xaResource();

    // when
    work(resource, new Id("committed"), topic, "1", "2");
    int vote = resource.prepare(new Id("committed"));
    resource.commit(new Id("committed"), false);
    work(resource, new Id("rolled back"), topic, "3");
    resource.prepare(new Id("rolled back"));
    resource.rollback(new Id("rolled back"));
    work(resource, new Id("in one phase"), topic, "4");
    resource.commit(new Id("in one phase"), true);
    work(resource, new Id("two in one phase"), topic, "5", "6");
    resource.commit(new Id("two in one phase"), true);

    // then
    assertThat(vote).isEqualTo(XAResource.XA_OK);
    audience.sawOnly("1", "2", "4", "5", "6");
    assertThat(requests.open(group)).isZero();
  }

  @Test
  void shouldFindInAnotherProcessWhatWasPrepared() throws XAException {
    // given
    String topic = clients.freshTopic(1);
    Audience audience = new Audience(clients.others(), topic);
    prepareAndDie(topic);
    EscrowXAResource resource =
        EscrowJta.on(clients.client()).group(group).build().xaResource();

    // when
    Xid[] found = resource.recover(XAResource.TMSTARTRSCAN);
    for (Xid xid : found) {
      if (new String(xid.getGlobalTransactionId(), StandardCharsets.UTF_8).equals("decided")) {
        resource.commit(xid, false);
      } else {
        resource.rollback(xid);
      }
    }

    // then
    assertThat(found).hasSize(2);
    assertThat(resource.recover(XAResource.TMSTARTRSCAN)).isEmpty();
    audience.sawOnly("decided");
  }

  private void prepareAndDie(String topic) throws XAException {
    try (EscrowClient dying =
        EscrowClient.builder().nameServers(clients.others().nameServer()).build()) {
      EscrowXAResource resource = EscrowJta.on(dying).group(group).build().xaResource();
      work(resource, new Id("decided"), topic, "decided");
      resource.prepare(new Id("decided"));
      work(resource, new Id("not decided"), topic, "not decided");
      resource.prepare(new Id("not decided"));
    }
    assertThat(requests.list(group).members("state")).containsExactly("PREPARED", "PREPARED");
  }

  private static void work(EscrowXAResource resource, Xid xid, String topic, String... bodies)
      throws XAException {
    resource.start(xid, XAResource.TMNOFLAGS);
    for (String body : bodies) {
      resource.send(Message.to(topic).body(body));
    }
    resource.end(xid, XAResource.TMSUCCESS);
  }

  /** A branch of a transaction of this name. */
  private record Id(String name) implements Xid {

    @Override
    public int getFormatId() {
      return 7;
    }

    @Override
    public byte[] getGlobalTransactionId() {
      return name.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public byte[] getBranchQualifier() {
      return new byte[] {1};
    }
  }
}
