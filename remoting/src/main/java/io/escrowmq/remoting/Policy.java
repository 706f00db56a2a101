package io.escrowmq.remoting;

import io.escrowmq.remoting.code.RequestCode;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who may do what. Any thread; quick, and waits for nothing.
 *
 * <p>It is asked twice about a request: before it is read, and about what its header or its body names.
 * Names that its handler finds are asked about as they are found, by {@link Rights}. One that throws is
 * taken to refuse.
 */
@FunctionalInterface
public interface Policy {

  /** Why the caller may not send such a request, whatever it is about; null when it may. */
  @Nullable
  String refusal(Caller caller, RequestCode code, Permission permission);

  /**
   * Why the caller may not do that with what the request is about; null when it may.
   *
   * @param said the header or the body; {@link PolicyByName} finds the names in it
   */
  default @Nullable String refusal(Caller caller, Permission permission, Object said) {
    return null;
  }

  /** Everybody may do these things, to everything, and nothing else. */
  static Policy forAll(Set<Permission> permissions) {
    return new PolicyByPermission(permissions);
  }
}
