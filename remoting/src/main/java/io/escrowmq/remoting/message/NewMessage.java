package io.escrowmq.remoting.message;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/**
 * A message that is about to be encoded. Nothing is copied: the body is read when it is encoded.
 *
 * @param sysFlag the sender's; the encoder sets the two host bits itself
 * @param bornTimestamp the sender's clock, in milliseconds
 * @param bornHost the sender's address, resolved
 * @param storeHost the broker's address, exactly as it is registered, resolved
 * @param preparedPosition where the half-message of a committed message lies; 0 otherwise
 * @param body read from its position to its limit, which both stay as they are
 * @param properties the property string, at most {@link Properties#MAX_BYTES} bytes as UTF-8
 */
public record NewMessage(
    String topic,
    int queueId,
    int flag,
    int sysFlag,
    long bornTimestamp,
    InetSocketAddress bornHost,
    InetSocketAddress storeHost,
    int reconsumeTimes,
    long preparedPosition,
    ByteBuffer body,
    String properties) {}
