package io.escrowmq.remoting;

import io.escrowmq.remoting.code.RequestCode;
import org.jspecify.annotations.Nullable;

/**
 * What the caller of a request may do with names that only turn up while it is handled: those of a
 * message that it names by a position, say. The policy that the gate asks is asked. Immutable; any thread.
 */
public record Rights(Policy policy, Caller caller, Permission permission) {

  /** To do everything: for what the server does by itself. */
  public static final Rights ALL =
      new Rights((caller, code, permission) -> null, Caller.ANONYMOUS, Permission.MANAGE);

  /** To do nothing: for whoever has passed no gate. */
  static final Rights NONE = new Rights(new NobodyMay(), Caller.ANONYMOUS, Permission.READ);

  /** Why the caller may not do that with this topic, or with all when there is no name. */
  public @Nullable String refusalOfTopic(@Nullable String topic) {
    return policy.refusal(caller, permission, new FoundTopic(topic));
  }

  /** Why the caller may not do that with one of these topics; null when it may with all of them. */
  public @Nullable String refusalOfTopics(Iterable<String> topics) {
    for (String topic : topics) {
      String refusal = refusalOfTopic(topic);
      if (refusal != null) {
        return refusal;
      }
    }
    return null;
  }

  /** Why the caller may not do that with this group, or with all when there is no name. */
  public @Nullable String refusalOfGroup(@Nullable String group) {
    return policy.refusal(caller, permission, new FoundGroup(group));
  }

  /** Why the caller may not do that with this broker. */
  public @Nullable String refusalOfBroker(String broker) {
    OfNames found = names -> names.broker(broker);
    return policy.refusal(caller, permission, found);
  }

  private record FoundTopic(@Nullable String topic) implements OfTopic {}

  private record FoundGroup(@Nullable String groupName) implements OfGroup {}

  private static final class NobodyMay implements Policy {

    @Override
    public String refusal(Caller caller, RequestCode code, Permission permission) {
      return code + " has passed no gate";
    }

    @Override
    public String refusal(Caller caller, Permission permission, Object said) {
      return "the request has passed no gate";
    }
  }
}
