package io.escrowmq.systemtests;

import io.escrowmq.client.ConsumerBuilder;
import io.escrowmq.client.EscrowClient;
import io.escrowmq.client.Message;
import io.escrowmq.client.Producer;
import io.escrowmq.client.SendReceipt;
import io.escrowmq.client.StartFrom;
import java.util.List;
import java.util.stream.IntStream;

/**
 * EscrowMQ's own client for one test, in the test's process, and the drivers of another client, on one
 * server. Owner: the test.
 */
final class OwnClients implements AutoCloseable {

  private final Clients others;
  private final EscrowClient client;

  OwnClients(TestBed bed) {
    this(bed.clients(ClientKind.V5_5_0_JSON));
  }

  OwnClients(Clients others) {
    this.others = others;
    this.client = EscrowClient.builder().nameServers(others.nameServer()).build();
  }

  EscrowClient client() {
    return client;
  }

  /** A second one, as another process would have it; the test closes it. */
  EscrowClient another() {
    return EscrowClient.builder().nameServers(others.nameServer()).build();
  }

  /** Unmodified clients on the same server. */
  Clients others() {
    return others;
  }

  String freshTopic(int queues) {
    return others.freshTopic(queues);
  }

  String freshGroup() {
    return others.freshGroup();
  }

  Producer producer() {
    return client.producer().build();
  }

  /** A member of this group that consumes the topic from its beginning; without a handler yet. */
  ConsumerBuilder consumer(String group, String topic) {
    return client.consumer(group).subscribe(topic).startFrom(StartFrom.begin());
  }

  /** Sends "m0" and so on, one after the other. */
  static List<SendReceipt> send(Producer producer, String topic, int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> producer.send(Message.to(topic).body("m" + i)))
        .toList();
  }

  @Override
  public void close() {
    client.close();
    others.close();
  }
}
