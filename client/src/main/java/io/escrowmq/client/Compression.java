package io.escrowmq.client;

/** How bodies are made smaller on their way. Consumers recognize all of them by themselves. */
public enum Compression {
  /** Bodies go as they are. */
  NONE,
  /** In the JDK; every RocketMQ client reads it. The slowest of the three. */
  ZLIB,
  /** Needs {@code at.yawk.lz4:lz4-java} on the class path of senders and receivers; the fastest. */
  LZ4,
  /** Needs {@code com.github.luben:zstd-jni} on the class path of senders and receivers. */
  ZSTD
}
