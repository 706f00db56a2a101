package io.escrowmq.remoting.message;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which group names are legal, and which are the system's own. */
public final class GroupNames {

  public static final int MAX_LENGTH = 120;

  /** The producer group of every client's internal resends. */
  public static final String CLIENT_INNER_PRODUCER = "CLIENT_INNER_PRODUCER";

  private static final String SYSTEM_PREFIX = "CID_RMQ_SYS_";

  /** Consumer groups that exist without having been created. */
  private static final Set<String> PREDEFINED = Set.of(
      "TOOLS_CONSUMER",
      "FILTERSRV_CONSUMER",
      "SELF_TEST_C_GROUP",
      "CID_ONS-HTTP-PROXY",
      "CID_ONSAPI_PULL",
      "CID_ONSAPI_PERMISSION",
      "CID_ONSAPI_OWNER",
      "CID_RMQ_SYS_TRANS");

  private static final Set<String> OTHER_RESERVED =
      Set.of("SELF_TEST_P_GROUP", "__MONITOR_CONSUMER", CLIENT_INNER_PRODUCER);

  private GroupNames() {}

  /** A sentence that says why this is no group name, naming value and limit; null when it is one. */
  public static @Nullable String refusal(String group) {
    return Names.refusal("group", group, MAX_LENGTH);
  }

  public static boolean isReserved(String group) {
    return PREDEFINED.contains(group)
        || OTHER_RESERVED.contains(group)
        || group.startsWith(SYSTEM_PREFIX);
  }

  public static Set<String> predefined() {
    return PREDEFINED;
  }
}
