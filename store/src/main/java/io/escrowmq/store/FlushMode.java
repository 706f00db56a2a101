package io.escrowmq.store;

/** What an acknowledgement promises about this machine's disk. */
public enum FlushMode {
  /** The record is in the operating system's page cache: it survives our process, not the power. */
  ASYNC,
  /** The record was synced to the disk. */
  SYNC
}
