package io.escrowmq.remoting.body;

import io.escrowmq.remoting.OfNames;
import java.util.List;

/** Several groups that are to be created or changed (..._SUBSCRIPTIONGROUP_LIST). */
public record GroupConfigs(List<GroupConfig> groups) implements OfNames {

  public static GroupConfigs read(byte[] body) {
    return new GroupConfigs(JsonObject.read(body).objects("groupConfigList", GroupConfig::read));
  }

  @Override
  public void nameTo(Names names) {
    groups.forEach(group -> names.group(group.group()));
  }
}
