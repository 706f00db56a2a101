package io.escrowmq.client.jta;

import static io.escrowmq.client.jta.BranchIdTest.xid;
import static javax.transaction.xa.XAResource.TMENDRSCAN;
import static javax.transaction.xa.XAResource.TMNOFLAGS;
import static javax.transaction.xa.XAResource.TMSTARTRSCAN;
import static javax.transaction.xa.XAResource.TMSUCCESS;
import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.client.EscrowXAResource;
import io.escrowmq.client.Message;
import io.escrowmq.client.tx.FakeBroker;
import io.escrowmq.client.tx.FakeCluster;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import javax.transaction.xa.XAException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A manager learns of all that is prepared, wherever brokers end their pages. */
final class RecoveryPagesTest {

  private final FakeCluster cluster = new FakeCluster();
  private final List<FakeBroker> brokers = List.of(cluster.broker("a"), cluster.broker("b"));
  private final List<BranchId> prepared = new ArrayList<>();
  private EscrowXAResource resource;

  @BeforeEach
  void start() {
    cluster.topic("t0", brokers.get(0));
    cluster.topic("t1", brokers.get(1));
    resource = new BranchResource(BranchBed.branches(cluster, "group"), "group");
  }

  private void prepare(String topic) throws XAException {
    BranchId id = BranchId.of(xid(prepared.size() + 1, 8, 8));
    resource.start(id, TMNOFLAGS);
    resource.send(Message.to(topic).body("m"));
    resource.end(id, TMSUCCESS);
    resource.prepare(id);
    prepared.add(id);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void shouldFindAllThatIsPreparedWhereverPagesEnd(long seed) throws XAException {
    // given
    Random random = new Random(seed);
    int branches = random.nextInt(30);
    for (int i = 0; i < branches; i++) {
      prepare("t" + random.nextInt(2));
    }
    brokers.forEach(broker -> broker.endPagesAfter(() -> 1 + random.nextInt(4)));

    // when
    List<BranchId> found =
        Stream.of(resource.recover(TMSTARTRSCAN | TMENDRSCAN)).map(BranchId::of).toList();

    // then
    assertThat(found).as("seed %d", seed).containsExactlyInAnyOrderElementsOf(prepared);
  }

  @ParameterizedTest
  @ValueSource(ints = {999, 1000, 1001})
  void shouldFindAllWhenTheyFillAPage(int branches) throws XAException {
    // given
    for (int i = 0; i < branches; i++) {
      prepare("t0");
    }

    // when, then
    assertThat(resource.recover(TMSTARTRSCAN)).hasSize(branches);
  }
}
