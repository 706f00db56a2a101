package io.escrowmq.remoting.body;

import java.util.List;

/** Several groups that are to be created or changed (..._SUBSCRIPTIONGROUP_LIST). */
public record GroupConfigs(List<GroupConfig> groups) {

  public static GroupConfigs read(byte[] body) {
    return new GroupConfigs(JsonObject.read(body).objects("groupConfigList", GroupConfig::read));
  }
}
