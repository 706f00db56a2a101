package io.escrowmq.store;

import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** Parts of a log whose records are lost for good: a repair has put fillers there. Owner: who repairs. */
public final class LostBytes {

  private final NavigableMap<Long, Long> ends = new TreeMap<>(); // by where they begin

  void add(long from, long to) {
    ends.put(from, to);
  }

  /** Whether a record that began at this position is lost. */
  public boolean contains(long position) {
    Map.Entry<Long, Long> part = ends.floorEntry(position);
    return part != null && position < part.getValue();
  }
}
