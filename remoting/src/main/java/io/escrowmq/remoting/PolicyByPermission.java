package io.escrowmq.remoting;

import io.escrowmq.remoting.code.RequestCode;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A policy that looks at no name: everybody may do some things, to everything. Immutable. */
final class PolicyByPermission implements Policy {

  private final EnumSet<Permission> allowed = EnumSet.noneOf(Permission.class);

  PolicyByPermission(Set<Permission> allowed) {
    this.allowed.addAll(allowed);
  }

  @Override
  public @Nullable String refusal(Caller caller, RequestCode code, Permission permission) {
    if (allowed.contains(permission)) {
      return null;
    }
    String words = allowed.stream().map(Permission::word).collect(Collectors.joining(","));
    return code + " needs the permission " + permission.word()
        + "; whoever has not logged in has " + (words.isEmpty() ? "none" : words)
        + " here (security.anonymous-permissions)";
  }
}
