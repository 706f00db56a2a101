package io.escrowmq.remoting.message;

import java.nio.ByteBuffer;

/**
 * One message of a batch body.
 *
 * @param body a read-only window on the batch body; valid as long as that is
 */
public record BatchItem(int flag, ByteBuffer body, String properties) {}
