package io.escrowmq.store;

/** Sees the records of the log in order. */
@FunctionalInterface
public interface RecordVisitor {

  /** Visits one record; it is valid only during the call. */
  void visit(LogRecord record);
}
