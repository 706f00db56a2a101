package io.escrowmq.client.tx;

import io.escrowmq.client.EscrowException;
import io.escrowmq.client.Message;
import io.escrowmq.client.core.BodyCompression;
import io.escrowmq.client.core.Timer;
import io.escrowmq.client.send.MessageEncoder;
import io.escrowmq.client.send.Outbound;
import io.escrowmq.client.send.Placement;
import io.escrowmq.client.send.Sender;
import io.escrowmq.remoting.message.Properties;
import io.escrowmq.remoting.message.PropertyNames;
import io.escrowmq.remoting.message.SysFlags;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Brings half-messages of one producer group into escrow. Any thread. */
final class HalfSender {

  private static final int RETRIES = 2;

  private final Sender sender;
  private final Timer timer;
  private final String halfOfGroup; // properties
  private final Duration timeout;
  private final MessageEncoder encoder;

  /**
   * @param timeout until a broker has confirmed one, all tries included
   */
  HalfSender(
      Sender sender, Timer timer, String group, Duration timeout, BodyCompression compression) {
    this.sender = sender;
    this.timer = timer;
    this.halfOfGroup =
        Properties.format(Map.of(PropertyNames.HALF, "true", PropertyNames.PRODUCER_GROUP, group));
    this.timeout = timeout;
    this.encoder = new MessageEncoder(group, compression);
  }

  /**
   * Sends one.
   *
   * @param more properties that say which transaction it belongs to
   * @param preferred names of brokers that should get it, if they can
   */
  CompletionStage<Placement> send(
      Message message, String messageId, Map<String, String> more, Set<String> preferred) {
    Outbound outbound;
    try {
      outbound = encoder.encode(
          message,
          messageId,
          halfOfGroup + Properties.format(more),
          SysFlags.TRANSACTION_PREPARED,
          timer.millis());
    } catch (EscrowException refused) {
      return CompletableFuture.failedFuture(refused);
    }
    return sender.sendHalf(outbound, preferred, timer.nanoTime() + timeout.toNanos(), RETRIES);
  }
}
