package io.escrowmq.namesrv.controller;

import io.escrowmq.replication.GroupState;
import io.escrowmq.replication.Refusal;
import org.jspecify.annotations.Nullable;

/** What a controller says. Immutable. */
public sealed interface ControllerAnswer {

  /** The state of the group after it was done, or because the asker knows an older one. */
  record Now(GroupState state) implements ControllerAnswer {}

  /** The heartbeat counts, and the asker knows the last state. */
  record NothingNew() implements ControllerAnswer {}

  /** The rules do not allow it; nothing was done. */
  record Refused(Refusal refusal, @Nullable GroupState state) implements ControllerAnswer {}

  /** It may have been done, or not; the asker asks again. */
  record Failed(String why) implements ControllerAnswer {}
}
