package io.escrowmq.remoting;

import org.jspecify.annotations.Nullable;

/** A policy that looks at each name that a request is about. */
public interface PolicyByName extends Policy {

  /** Why the caller may not do that with a topic, or with all when there is no name; null when it may. */
  @Nullable
  String refusalOfTopic(Caller caller, Permission permission, @Nullable String topic);

  /** Why the caller may not do that with a group, or with all when there is no name; null when it may. */
  @Nullable
  String refusalOfGroup(Caller caller, Permission permission, @Nullable String group);

  /** Why the caller may not do that with a cluster, or with all when there is no name; null when it may. */
  @Nullable
  String refusalOfCluster(Caller caller, Permission permission, @Nullable String cluster);

  /** Why the caller may not do that with a broker of a name server; null when it may. */
  @Nullable
  String refusalOfBroker(Caller caller, Permission permission, String broker);

  /**
   * Why the caller may not do that with a value that a name server keeps, or with a whole namespace when
   * there is no key; null when it may.
   */
  @Nullable
  String refusalOfKey(Caller caller, Permission permission, String namespace, @Nullable String key);

  @Override
  default @Nullable String refusal(Caller caller, Permission permission, Object said) {
    FirstRefusal first = new FirstRefusal(this, caller, permission);
    if (said instanceof OfTopic of) {
      first.topic(of.topic());
    }
    if (said instanceof OfGroup of) {
      first.group(of.groupName());
    }
    if (said instanceof OfNames of) {
      of.nameTo(first);
    }
    return first.refusal;
  }

  /** Asks about each name until one is refused. */
  final class FirstRefusal implements OfNames.Names {

    private final PolicyByName policy;
    private final Caller caller;
    private final Permission permission;
    private @Nullable String refusal;

    private FirstRefusal(PolicyByName policy, Caller caller, Permission permission) {
      this.policy = policy;
      this.caller = caller;
      this.permission = permission;
    }

    @Override
    public void topic(@Nullable String name) {
      if (refusal == null) {
        refusal = policy.refusalOfTopic(caller, permission, name);
      }
    }

    @Override
    public void group(@Nullable String name) {
      if (refusal == null) {
        refusal = policy.refusalOfGroup(caller, permission, name);
      }
    }

    @Override
    public void cluster(@Nullable String name) {
      if (refusal == null) {
        refusal = policy.refusalOfCluster(caller, permission, name);
      }
    }

    @Override
    public void broker(String name) {
      if (refusal == null) {
        refusal = policy.refusalOfBroker(caller, permission, name);
      }
    }

    @Override
    public void key(String namespace, @Nullable String key) {
      if (refusal == null) {
        refusal = policy.refusalOfKey(caller, permission, namespace, key);
      }
    }
  }
}
