package io.escrowmq.broker.tx;

import io.escrowmq.broker.core.EscrowedMessages;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a commit that takes several turns has read so far. Each turn judges all of it again: between two of them a topic may be
 * deleted. Owner: the report, in the log's turn.
 */
final class ReadHalves {

  /**
   * A half-message that was read.
   *
   * @param part what becomes of it
   * @param topic where it was sent to
   */
  record Half(DecisionRecord.Part part, String topic) {

    Half movedTo(EscrowedMessages.Place place) {
      return new Half(part.movedTo(place), topic);
    }
  }

  private Map<Long, Half> halves = Map.of(); // most commits read nothing

  void add(Half read) {
    if (halves.isEmpty()) {
      halves = new HashMap<>();
    }
    halves.put(read.part.id(), read);
  }

  /** Null when it was not read, or when retention has recorded it again since: then it lies elsewhere. */
  @Nullable
  Half find(long id, long position) {
    Half read = halves.get(id);
    return read != null && (read.part.isDropped() || read.part.position() == position)
        ? read
        : null;
  }

  int size() {
    return halves.size();
  }
}
