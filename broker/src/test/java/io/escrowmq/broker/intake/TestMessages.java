package io.escrowmq.broker.intake;

import io.escrowmq.remoting.message.MessageCodec;
import io.escrowmq.remoting.message.NewMessage;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/** Messages in their final bytes, as a sender's request would bring them. */
public final class TestMessages {

  private TestMessages() {}

  public static byte[] encode(
      MessageForge forge,
      String topic,
      int queueId,
      int flag,
      int sysFlag,
      long bornTimestamp,
      InetSocketAddress bornHost,
      int reconsumeTimes,
      ByteBuffer body,
      String properties) {
    return MessageCodec.encode(new NewMessage(
        topic,
        queueId,
        flag,
        sysFlag,
        bornTimestamp,
        bornHost,
        forge.storeHost(),
        reconsumeTimes,
        0,
        body,
        properties));
  }
}
