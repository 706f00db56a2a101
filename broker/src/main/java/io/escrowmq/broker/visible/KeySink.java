package io.escrowmq.broker.visible;

/** Takes the keys that a record is found by, when it is applied, or when the index is made again. */
@FunctionalInterface
public interface KeySink {

  void add(long keyHash, long position, long timeMillis);
}
