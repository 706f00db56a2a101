package io.escrowmq.remoting.body;

import java.util.Map;

/**
 * A number for each queue id, or each delay level, under one member's name.
 *
 * @param member "correctionOffsets" for QUERY_CORRECTION_OFFSET, "offsetTable" for
 *     GET_ALL_DELAY_OFFSET
 */
public record QueueNumbers(String member, Map<Integer, Long> numbers) implements JsonBody {

  @Override
  public void writeTo(JsonWriter json) {
    json.beginObject().longs(member, numbers).endObject();
  }
}
