package io.escrowmq.bench.load;

import io.escrowmq.bench.AdminRequest;
import io.escrowmq.client.EscrowClient;
import io.escrowmq.client.EscrowException;
import io.escrowmq.client.Producer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The load generator's process for EscrowMQ's own client, which {@link Commands} drive. Arguments: the name server's address,
 * the broker's.
 */
final class EscrowLoadMain implements PlainDriver {
  private static final int CREATE_TOPIC = 17;
  private static final int READ_AND_WRITE = 6;
  private static final Duration ROUTE_AT_MOST = Duration.ofSeconds(30);
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private final EscrowClient client;
  private final InetSocketAddress broker;
  private final Producer producer;

  private EscrowLoadMain(EscrowClient client, InetSocketAddress broker) {
    this.client = client;
    this.broker = broker;
    this.producer = client.producer().build();
  }

  public static void main(String[] arguments) throws IOException {
    EscrowClient client = EscrowClient.builder().nameServers(arguments[0]).build();
    int port = Integer.parseInt(arguments[1].substring(arguments[1].lastIndexOf(':') + 1));
    InetSocketAddress broker = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    Conversation.serve(new Commands(new EscrowLoadMain(client, broker))::answer);
  }

  @Override
  public void probe(String topic) throws Exception {
    new EscrowTopic(client, producer, topic).probe();
  }

  @Override
  public Target target(String topic) {
    return new EscrowTopic(client, producer, topic);
  }

  @Override
  public Target batchingTarget(String topic) {
    return new EscrowTopic(
        client, client.producer().linger(LINGER).batchBytes(BATCH_BYTES).build(), topic);
  }

  /** The client makes no topics with a number of queues of one's own, so the broker is asked directly. */
  @Override
  public void create(String topic, int queues) throws IOException {
    for (String name : new String[] {topic, topic + WARM}) {
      Map<String, String> fields = Map.of(
          "topic",
          name,
          "readQueueNums",
          Integer.toString(queues),
          "writeQueueNums",
          Integer.toString(queues),
          "perm",
          Integer.toString(READ_AND_WRITE));
      AdminRequest.ask(broker, CREATE_TOPIC, fields);
      awaitRoute(name, queues);
    }
  }

  private void awaitRoute(String name, int queues) throws IOException {
    Budget patience = new Budget(0, ROUTE_AT_MOST);
    while (!hasRoute(name, queues)) {
      if (patience.isLate()) {
        throw new IOException("no route of " + queues + " queues to " + name);
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  private boolean hasRoute(String name, int queues) {
    try {
      return client.queuesOf(name).size() == queues;
    } catch (EscrowException e) {
      return false;
    }
  }

  @Override
  public Load transactions(int threads, String topic, int messages) {
    Sessions sessions = messages == 1
        ? new ListenedSessions(client, topic)
        : new TableSessions(client, topic, messages, threads);
    return new WholeTransactions(sessions, threads, messages);
  }
}
