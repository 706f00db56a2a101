package io.escrowmq.remoting.header;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Names that stand in one field of a header. */
final class NameList {

  private NameList() {}

  /** Those between the separators; an empty name is none. */
  static List<String> of(@Nullable String field, String separator) {
    return field == null
        ? List.of()
        : List.of(field.split(separator)).stream()
            .filter(name -> !name.isBlank())
            .toList();
  }
}
