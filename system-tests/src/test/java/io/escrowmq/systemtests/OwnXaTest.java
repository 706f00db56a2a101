package io.escrowmq.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.client.EscrowClient;
import io.escrowmq.client.EscrowJta;
import io.escrowmq.client.EscrowXAResource;
import io.escrowmq.client.Message;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
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

  private static final int MOST_MESSAGES = 4096; // of one branch

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
    work(resource, new NamedBranch("committed"), topic, "1", "2");
    int vote = resource.prepare(new NamedBranch("committed"));
    resource.commit(new NamedBranch("committed"), false);
    work(resource, new NamedBranch("rolled back"), topic, "3");
    resource.prepare(new NamedBranch("rolled back"));
    resource.rollback(new NamedBranch("rolled back"));
    work(resource, new NamedBranch("in one phase"), topic, "4");
    resource.commit(new NamedBranch("in one phase"), true);
    work(resource, new NamedBranch("two in one phase"), topic, "5", "6");
    resource.commit(new NamedBranch("two in one phase"), true);

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

  /** Three of the largest branches fill a page of the broker's answer, which ends behind them. */
  @Test
  void shouldFindSmallBranchesBehindTheLargestOnes() throws XAException {
    // given
    String topic = clients.freshTopic(1);
    EscrowXAResource resource = EscrowJta.on(clients.client())
        .group(group)
        .sendTimeout(Duration.ofSeconds(30))
        .build()
        .xaResource();
    List<String> names = List.of("large 1", "large 2", "large 3", "small 1", "small 2");
    for (String name : names) {
      String[] bodies = new String[name.startsWith("large") ? MOST_MESSAGES : 1];
      Arrays.fill(bodies, "m");
      work(resource, new NamedBranch(name), topic, bodies);
      resource.prepare(new NamedBranch(name));
    }

    // when
    Xid[] found = resource.recover(XAResource.TMSTARTRSCAN);

    // then
    assertThat(found)
        .extracting(xid -> new String(xid.getGlobalTransactionId(), StandardCharsets.UTF_8))
        .containsExactlyInAnyOrderElementsOf(names);
    for (Xid xid : found) {
      resource.rollback(xid);
    }
    assertThat(resource.recover(XAResource.TMSTARTRSCAN)).isEmpty();
  }

  private void prepareAndDie(String topic) throws XAException {
    try (EscrowClient dying =
        EscrowClient.builder().nameServers(clients.others().nameServer()).build()) {
      EscrowXAResource resource = EscrowJta.on(dying).group(group).build().xaResource();
      work(resource, new NamedBranch("decided"), topic, "decided");
      resource.prepare(new NamedBranch("decided"));
      work(resource, new NamedBranch("not decided"), topic, "not decided");
      resource.prepare(new NamedBranch("not decided"));
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
}
