package io.escrowmq.broker.core;

import io.escrowmq.store.LogRecord;
import io.escrowmq.store.RecordKind;
import java.util.EnumMap;
import java.util.Map;

/** Which view applies which kind of record; every kind has exactly one. Immutable. */
public final class Appliers {

  private final Applier[] byNumber = new Applier[RecordKind.values().length + 1];

  public Appliers(Map<RecordKind, Applier> appliers) {
    EnumMap<RecordKind, Applier> table = new EnumMap<>(appliers);
    for (RecordKind kind : RecordKind.values()) {
      Applier applier = table.get(kind);
      if (applier == null) {
        throw new IllegalArgumentException("nobody applies records of kind " + kind);
      }
      byNumber[kind.number()] = applier;
    }
  }

  public void apply(LogRecord record) {
    byNumber[record.kind().number()].apply(record);
  }
}
