package io.escrowmq.broker.route;

import io.escrowmq.broker.core.BrokerIdentity;
import io.escrowmq.broker.core.TestLog;
import io.escrowmq.broker.topic.Topic;
import io.escrowmq.broker.topic.TopicChanges;
import io.escrowmq.broker.topic.TopicHandler;
import io.escrowmq.broker.topic.TopicRecords;
import io.escrowmq.broker.topic.TopicVersion;
import io.escrowmq.namesrv.TurnedNamesrv;
import io.escrowmq.remoting.FakeCall;
import io.escrowmq.remoting.body.TopicUpdates;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.header.TopicHeader;
import io.escrowmq.store.RecordKind;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A broker as its name servers see it: real topics, and the real registration on a slow network. */
final class RoutedBroker implements AutoCloseable {

  final String name;
  final SlowNetwork network;
  private final TestLog log = new TestLog();
  private final BrokerIdentity identity;
  private final List<String> servers;
  private final TopicsToRegister topics = interrupted(new TopicsOfCatalog(log.topics, 0));
  private RouteNews news;
  private RouteRegistration routes;
  private Runnable meanwhile = () -> {};
  private boolean running;
  private final Deque<byte[]> before = new ArrayDeque<>(); // the latest changes

  RoutedBroker(String name, int port, List<String> servers, SlowNetwork network) {
    this.name = name;
    this.network = network;
    this.servers = servers;
    this.identity = new BrokerIdentity(name, "DefaultCluster", "127.0.0.1:" + port, 0);
    this.news = new RouteNews(servers, log.clock.ticker(), () -> {});
    this.routes = registration();
  }

  private RouteRegistration registration() {
    return new RouteRegistration(identity, news, () -> topics, network, log.clock.ticker());
  }

  void start() {
    running = true;
    news = new RouteNews(servers, log.clock.ticker(), () -> {});
    routes = registration();
    routes.registerNow();
  }

  /** Its process ends, with a farewell or without. */
  void stop(boolean orderly) {
    if (orderly) {
      routes.unregister();
    }
    running = false;
    servers.forEach(network::lose);
    restore(image());
  }

  /** Its process ends, and so many of the latest changes are lost, or all that are remembered here. */
  void losePower(int changes) {
    stop(false);
    for (int i = 0; i < changes && !before.isEmpty(); i++) {
      restore(before.removeLast());
    }
  }

  private byte[] image() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      log.topics.image().writeTo(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private void restore(byte[] image) {
    try {
      log.topics.restore(new DataInputStream(new ByteArrayInputStream(image)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    advance(1); // a start takes time
  }

  boolean isRunning() {
    return running;
  }

  int turn() {
    return running ? routes.turn() : 0;
  }

  void advance(long millis) {
    log.clock.advance(millis);
  }

  boolean has(String topic) {
    return log.topics.find(topic) != null;
  }

  void change(String topic, int queues, int perm) {
    record(
        RecordKind.TOPIC, TopicRecords.changed(log.clock.millis(), Topic.of(topic, queues, perm)));
  }

  void delete(String topic) {
    record(RecordKind.TOPIC_DELETED, TopicRecords.deleted(log.clock.millis(), topic));
  }

  /** Answered when all name servers know, or after two seconds. */
  FakeCall requestDeletion(String topic) {
    FakeCall deletion = new FakeCall(RequestCode.DELETE_TOPIC_IN_BROKER);
    new TopicHandler(new TopicChanges(log.loop, log.topics, gone -> {}, news::spread))
        .delete(deletion, new TopicHeader(topic));
    log.settle();
    return deletion;
  }

  /** Done while the next request to a name server is made: its version is read already. */
  void meanwhile(Runnable change) {
    meanwhile = change;
  }

  private void record(RecordKind kind, byte[] payload) {
    before.add(image());
    if (before.size() > 4) {
      before.remove();
    }
    log.rule(recorder -> recorder.record(kind, 0, payload));
    news.topicsChanged();
  }

  /** What each topic of this broker is to be in a name server. */
  Map<String, String> topics() {
    Map<String, String> shown = new TreeMap<>();
    for (Topic topic : log.topics.all()) {
      shown.put(
          topic.name(),
          TurnedNamesrv.shown(name, topic.readQueues(), topic.writeQueues(), topic.perm()));
    }
    return shown;
  }

  private TopicsToRegister interrupted(TopicsToRegister real) {
    return new TopicsToRegister() {
      @Override
      public TopicVersion version() {
        return real.version();
      }

      @Override
      public @Nullable TopicUpdates changes(TopicVersion after, TopicVersion upTo) {
        doMeanwhile();
        return real.changes(after, upTo);
      }

      @Override
      public RegistrationBody registration(TopicVersion version) {
        doMeanwhile();
        return real.registration(version);
      }

      @Override
      public byte[] versionBody(TopicVersion version) {
        return real.versionBody(version);
      }
    };
  }

  private void doMeanwhile() {
    Runnable change = meanwhile;
    meanwhile = () -> {};
    change.run();
  }

  @Override
  public void close() {
    log.close();
  }
}
