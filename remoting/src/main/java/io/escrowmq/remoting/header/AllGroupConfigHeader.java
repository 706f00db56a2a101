package io.escrowmq.remoting.header;

import io.escrowmq.remoting.FieldWriter;
import io.escrowmq.remoting.HeaderReader;
import io.escrowmq.remoting.WireHeader;
import org.jspecify.annotations.Nullable;

/**
 * GET_ALL_SUBSCRIPTIONGROUP_CONFIG, with the paging of 5.5; without it all groups are asked for.
 *
 * @param most 0 when absent: no paging
 */
public record AllGroupConfigHeader(int from, @Nullable String dataVersion, int most)
    implements WireHeader {

  public static final HeaderReader<AllGroupConfigHeader> FIELDS =
      fields -> new AllGroupConfigHeader(
          fields.intOr("groupSeq", 0), fields.text("dataVersion"), fields.intOr("maxGroupNum", 0));

  @Override
  public void writeTo(FieldWriter fields) {
    fields.put("groupSeq", from).put("dataVersion", dataVersion).put("maxGroupNum", most);
  }
}
