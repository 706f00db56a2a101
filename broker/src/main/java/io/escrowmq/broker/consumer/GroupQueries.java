package io.escrowmq.broker.consumer;

import io.escrowmq.broker.core.LogLoop;
import io.escrowmq.broker.core.Pages;
import io.escrowmq.broker.refusal.Refusal;
import io.escrowmq.broker.refusal.RefusedException;
import io.escrowmq.remoting.body.DataVersion;
import org.jspecify.annotations.Nullable;

/** How consumer groups are set. Questions throw {@link RefusedException}. Any thread. */
final class GroupQueries {

  private static final int GROUP_BYTES = 512; // as JSON, without its name

  private final GroupCreation creation;
  private final LogLoop loop;
  private final Pages<Group> pages;

  GroupQueries(GroupCatalog groups, GroupCreation creation, LogLoop loop) {
    this.creation = creation;
    this.loop = loop;
    this.pages = new Pages<>(new Pages.Source<>(
        () -> told(groups.version()),
        groups::all,
        Group::name,
        groups::find,
        GroupQueries::jsonBytes));
  }

  /** A page, or all if they fit an answer. */
  Pages.Page<Group> page(int from, int most, @Nullable String version) {
    try {
      return pages.page(from, most, version);
    } catch (Pages.TooLongException e) {
      throw new RefusedException(new Refusal.TooManyGroups(String.valueOf(e.getMessage())));
    }
  }

  /** Creates it if use creates groups, because asking is a use. */
  Group one(String name) {
    Group group = creation.findOrCreate(name, loop);
    if (group == null) {
      throw new RefusedException(new Refusal.GroupNotCreated(GroupCreation.refusal(name)));
    }
    return group;
  }

  private static DataVersion told(GroupVersion version) {
    return new DataVersion(version.counter(), 0, version.timestampMillis());
  }

  private static long jsonBytes(Group group) {
    return GROUP_BYTES + 2L * group.name().length() + Pages.jsonBytes(group.attributes());
  }
}
