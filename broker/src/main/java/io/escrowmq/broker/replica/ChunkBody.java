package io.escrowmq.broker.replica;

import io.escrowmq.remoting.Body;
import io.escrowmq.store.LogChunk;
import java.nio.ByteBuffer;

/** Bytes of the log, on their way to a follower: copied once, from the mapped segment. */
record ChunkBody(LogChunk chunk) implements Body {

  @Override
  public int length() {
    return chunk.bytes().remaining();
  }

  @Override
  public void writeTo(ByteBuffer target) {
    target.put(chunk.bytes());
  }

  @Override
  public void release() {
    chunk.close();
  }
}
