package io.escrowmq.remoting;

import io.escrowmq.remoting.code.RequestCode;
import org.jspecify.annotations.Nullable;

/**
 * What the caller of a request may do with names that only turn up while it is handled: those of a
 * message that it names by a position, say. The policy that the gate asks is asked. Immutable; any thread.
 */
public final class Rights {

  /** To do everything: for what the server does by itself. */
  public static final Rights ALL = new Rights(
      new GuardedPolicy(Policy.forAll(Permission.ALL)), Caller.ANONYMOUS, Permission.MANAGE);

  /** To do nothing: for whoever has passed no gate. */
  static final Rights NONE =
      new Rights(new GuardedPolicy(new NobodyMay()), Caller.ANONYMOUS, Permission.READ);

  private final GuardedPolicy policy;
  private final Caller caller;
  private final Permission permission;

  Rights(GuardedPolicy policy, Caller caller, Permission permission) {
    this.policy = policy;
    this.caller = caller;
    this.permission = permission;
  }

  /** Whose they are. */
  public Caller caller() {
    return caller;
  }

  /** Why the caller may not do that with this topic, or with all when there is no name. */
  public @Nullable String refusalOfTopic(@Nullable String topic) {
    return policy.looksAtNames() ? refusal(new FoundTopic(topic)) : null;
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
    return policy.looksAtNames() ? refusal(new FoundGroup(group)) : null;
  }

  /** Why the caller may not do that with this broker. */
  public @Nullable String refusalOfBroker(String broker) {
    return policy.looksAtNames() ? refusal(new FoundBroker(broker)) : null;
  }

  private @Nullable String refusal(Object found) {
    return policy.refusal(caller, permission, found);
  }

  private record FoundTopic(@Nullable String topic) implements OfTopic {}

  private record FoundGroup(@Nullable String groupName) implements OfGroup {}

  private record FoundBroker(String broker) implements OfNames {

    @Override
    public void nameTo(Names names) {
      names.broker(broker);
    }
  }

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
