package io.escrowmq.client.send;

import io.escrowmq.client.Reply;
import io.escrowmq.client.route.ServerRequests.ReplyListener;
import io.escrowmq.remoting.header.PushReplyHeader;
import io.escrowmq.remoting.message.Properties;
import io.escrowmq.remoting.message.PropertyNames;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Replies that a client waits for, by correlation id; {@link OpenRequests} bounds them. Any thread. */
public final class WaitingReplies implements ReplyListener {

  private static final Logger LOG = LoggerFactory.getLogger(WaitingReplies.class);

  private final Map<String, CompletableFuture<Reply>> waiting = new ConcurrentHashMap<>();

  /** Waits for the reply with this id until {@link #remove}. */
  CompletableFuture<Reply> add(String id) {
    CompletableFuture<Reply> reply = new CompletableFuture<>();
    waiting.put(id, reply);
    return reply;
  }

  void remove(String id) {
    waiting.remove(id);
  }

  @Override
  public void replied(PushReplyHeader header, byte[] body) {
    String id = Properties.value(header.sent().properties(), PropertyNames.CORRELATION_ID);
    @Nullable CompletableFuture<Reply> reply = id == null ? null : waiting.get(id);
    if (reply == null) {
      LOG.debug("a reply with the correlation id {} came late, or twice", id);
      return;
    }
    try {
      reply.complete(new ReceivedReply(header, body));
    } catch (RuntimeException unreadable) {
      reply.completeExceptionally(unreadable);
    }
  }

  /** No reply will come. */
  void endAll(Throwable why) {
    waiting.values().forEach(reply -> reply.completeExceptionally(why));
  }
}
