package io.escrowmq.client.pull;

import io.escrowmq.client.TopicQueue;
import io.escrowmq.remoting.message.MessageView;
import io.escrowmq.remoting.message.PropertyNames;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Reads the body of a pull's answer. */
public final class PullBody {

  private PullBody() {}

  /**
   * The messages in it that have one of the tags, compared by value: brokers compare hashes.
   *
   * @param tags empty when tags do not matter
   * @throws io.escrowmq.remoting.message.BadMessageException when the bytes are no messages
   */
  public static List<StoredDelivery> read(TopicQueue queue, byte[] body, Set<String> tags) {
    List<StoredDelivery> messages = new ArrayList<>();
    ByteBuffer bytes = ByteBuffer.wrap(body);
    int at = 0;
    while (at < body.length) {
      MessageView view = new MessageView().wrap(bytes, at);
      at += view.size();
      if (tags.isEmpty() || isWanted(view, tags)) {
        messages.add(new StoredDelivery(queue, view));
      }
    }
    return messages;
  }

  private static boolean isWanted(MessageView view, Set<String> tags) {
    String tag = view.property(PropertyNames.TAGS);
    return tag != null && tags.contains(tag);
  }
}
