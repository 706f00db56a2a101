package io.escrowmq.remoting.header;

import io.escrowmq.remoting.FieldWriter;
import io.escrowmq.remoting.HeaderReader;
import io.escrowmq.remoting.OfNames;
import io.escrowmq.remoting.OfTopic;
import io.escrowmq.remoting.WireHeader;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** QUERY_CORRECTION_OFFSET. */
public record CorrectionOffsetHeader(
    @Nullable String filterGroups, String compareGroup, String topic)
    implements WireHeader, OfTopic, OfNames {

  public static final HeaderReader<CorrectionOffsetHeader> FIELDS =
      fields -> new CorrectionOffsetHeader(
          fields.text("filterGroups"),
          fields.requiredText("compareGroup"),
          fields.requiredText("topic"));

  @Override
  public void writeTo(FieldWriter fields) {
    fields.put("filterGroups", filterGroups).put("compareGroup", compareGroup).put("topic", topic);
  }

  /** The groups that do not count; none when there is no list. */
  public List<String> filteredGroups() {
    return NameList.of(filterGroups, ",");
  }

  @Override
  public void nameTo(Names names) {
    names.group(compareGroup);
    filteredGroups().forEach(names::group);
  }
}
