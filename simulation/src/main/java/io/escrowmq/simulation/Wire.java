package io.escrowmq.simulation;

import io.escrowmq.remoting.Answer;
import io.escrowmq.remoting.RemotingClient;
import io.escrowmq.remoting.Request;
import io.escrowmq.remoting.RequestTable;
import io.escrowmq.remoting.message.MessageView;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What a scripted client does with the network: it asks a broker, and reads messages in answers. */
final class Wire {

  static final Duration TIMEOUT = Duration.ofSeconds(3);

  private final Cluster cluster;
  private final RemotingClient network;

  Wire(Cluster cluster, String name, RequestTable requests) {
    this.cluster = cluster;
    this.network = cluster.client(name, requests);
  }

  /** Asks; hears nothing of an answer that does not come. */
  void ask(int broker, Request request, Consumer<Answer> whenAnswered) {
    ask(broker, request, TIMEOUT, (answer, failure) -> {
      if (answer != null) {
        whenAnswered.accept(answer);
      }
    });
  }

  /** Asks, and hears of failure too. */
  void ask(
      int broker,
      Request request,
      Duration timeout,
      BiConsumer<@Nullable Answer, @Nullable Throwable> whenDone) {
    SimulatedBroker asked = cluster.broker(broker);
    int life = asked.lives();
    var unused = network
        .call(asked.address, request, timeout)
        .whenComplete((answer, failure) -> cluster.guarded(() -> {
          boolean mayBeLost = cluster.losesTail() && asked.lives() != life; // what it says
          whenDone.accept(mayBeLost ? null : answer, failure);
        }));
  }

  /** Asks a name server; hears nothing of an answer that does not come. */
  void ask(NameServer server, Request request, Consumer<Answer> whenAnswered) {
    var unused = network.call(server.address, request, TIMEOUT).whenComplete((answer, failure) -> {
      if (answer != null) {
        cluster.guarded(() -> whenAnswered.accept(answer));
      }
    });
  }

  void tell(int broker, Request request) {
    network.notify(cluster.broker(broker).address, request);
  }

  /** A body that begins with the id of its message. */
  static byte[] body(String id, int bytes) {
    byte[] text = (id + " ").getBytes(StandardCharsets.UTF_8);
    byte[] body = new byte[Math.max(text.length, bytes)];
    System.arraycopy(text, 0, body, 0, text.length);
    return body;
  }

  static String idOf(MessageView view) {
    return StandardCharsets.UTF_8.decode(view.body()).toString().split(" ", 2)[0];
  }

  /** Visits the messages of an answer; none of them may be damaged. */
  static void messages(byte[] body, Consumer<MessageView> each) {
    ByteBuffer bytes = ByteBuffer.wrap(body);
    MessageView view = new MessageView();
    for (int at = 0; at < body.length; at += view.size()) {
      view.wrap(bytes, at);
      if (!view.isBodyIntact()) {
        throw new Violation("the body of the message at position %d is not what was sent"
            .formatted(view.position()));
      }
      each.accept(view);
    }
  }
}
