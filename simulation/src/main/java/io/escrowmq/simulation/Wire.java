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

/** What a scripted client does with the network: it asks the broker, and reads messages in answers. */
final class Wire {

  static final Duration TIMEOUT = Duration.ofSeconds(3);

  private final Cluster cluster;
  private final RemotingClient network;

  Wire(Cluster cluster, String name, RequestTable requests) {
    this.cluster = cluster;
    this.network = cluster.client(name, requests);
  }

  /** Asks; hears nothing of an answer that does not come. */
  void ask(Request request, Consumer<Answer> whenAnswered) {
    ask(request, TIMEOUT, (answer, failure) -> {
      if (answer != null) {
        whenAnswered.accept(answer);
      }
    });
  }

  /** Asks, and hears of failure too. */
  void ask(
      Request request,
      Duration timeout,
      BiConsumer<@Nullable Answer, @Nullable Throwable> whenDone) {
    ask(Cluster.BROKER, request, timeout, whenDone);
  }

  void ask(
      String server,
      Request request,
      Duration timeout,
      BiConsumer<@Nullable Answer, @Nullable Throwable> whenDone) {
    int life = cluster.lives();
    var unused = network
        .call(server, request, timeout)
        .whenComplete((answer, failure) -> cluster.guarded(() -> {
          boolean mayBeLost = cluster.losesTail() && cluster.lives() != life; // what it says
          whenDone.accept(mayBeLost ? null : answer, failure);
        }));
  }

  void tell(Request request) {
    network.notify(Cluster.BROKER, request);
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
