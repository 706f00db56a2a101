package io.escrowmq.remoting;

/** The typed header of an outgoing frame; knows its fields' names on the wire. */
@FunctionalInterface
public interface WireHeader {

  /** No fields; the frame then carries none at all. */
  WireHeader NONE = fields -> {};

  void writeTo(FieldWriter fields);
}
