package io.escrowmq.broker;

import io.escrowmq.store.LogRecord;
import io.escrowmq.store.RecordVisitor;
import io.escrowmq.store.StorageException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows those records that make sense. A repair has passed over a record that is whole and makes none:
 * nothing became visible by it, and no key finds it. Who makes derived files again passes over it, too.
 *
 * @param into fails with a record that makes no sense
 */
record SoundRecords(RecordVisitor into) implements RecordVisitor {

  private static final Logger LOG = LoggerFactory.getLogger(SoundRecords.class);

  @Override
  public void visit(LogRecord record) {
    long position = record.position();
    try {
      into.visit(record);
    } catch (RuntimeException e) {
      if (!StorageException.isOfTheRecord(e)) {
        throw e;
      }
      LOG.warn("the record at {} is passed over, it makes no sense", position, e);
    }
  }
}
