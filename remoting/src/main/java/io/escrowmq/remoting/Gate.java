package io.escrowmq.remoting;

import io.escrowmq.remoting.code.ResponseCode;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The one way of a request to its handler: authenticate, permit, keep to a quota, count and time,
 * handle. What a busy server does not take is refused between the two permissions, as soon as nothing
 * is given away and before its header is read: under overload that is done for most requests. Any
 * event loop.
 *
 * <p>Clients do not log in yet, and there are no quotas; both have their place here, and nowhere else.
 */
public final class Gate {

  /** Says who sends a request. */
  @FunctionalInterface
  public interface Login {

    /** Null when it claims an identity and does not prove it. */
    @Nullable
    Caller callerOf(Call call);
  }

  /** Says how much a caller may do. */
  @FunctionalInterface
  public interface Quota {

    /** Why the caller has to wait; null when it need not. */
    @Nullable
    String refusal(Caller caller, Permission permission, Call call);
  }

  private static final Login NOBODY_LOGS_IN = call -> Caller.ANONYMOUS;
  private static final Quota NO_LIMIT = (caller, permission, call) -> null;

  private final Login login;
  private final GuardedPolicy policy;
  private final Quota quota;
  private final RequestCounts counts;
  private final Map<Permission, Rights> ofAnonymous = new EnumMap<>(Permission.class);

  public Gate(Login login, Policy policy, Quota quota, RequestCounts counts) {
    this.login = login;
    this.policy = new GuardedPolicy(policy);
    this.quota = quota;
    this.counts = counts;
    for (Permission permission : Permission.values()) {
      ofAnonymous.put(permission, new Rights(this.policy, Caller.ANONYMOUS, permission));
    }
  }

  /** For callers who do not log in. */
  public static Gate of(Policy policy, RequestCounts counts) {
    return new Gate(NOBODY_LOGS_IN, policy, NO_LIMIT, counts);
  }

  /** The same, without counts that are shown. */
  public static Gate of(Policy policy) {
    return of(policy, new RequestCounts(() -> 0));
  }

  /** Hands the call to its handler, or answers why not. */
  <H> void pass(Call call, RequestTable.Entry<H> entry) {
    Caller caller = login.callerOf(call);
    if (caller == null) {
      refuse(call, ResponseCode.NO_PERMISSION, entry.code() + " comes from nobody who is known");
      return;
    }
    String forbidden = policy.refusal(caller, entry.code(), entry.permission());
    if (forbidden != null) {
      refuse(call, ResponseCode.NO_PERMISSION, forbidden);
      return;
    }
    Reply busy = entry.admission().refusal();
    if (busy != null) {
      counts.refused();
      call.reply(busy);
      return;
    }
    H said = entry.reader().read(call);
    forbidden = policy.refusal(caller, entry.permission(), said);
    if (forbidden != null) {
      refuse(call, ResponseCode.NO_PERMISSION, forbidden);
      return;
    }
    String tooMuch = quota.refusal(caller, entry.permission(), call);
    if (tooMuch != null) {
      refuse(call, ResponseCode.SYSTEM_BUSY, tooMuch);
      return;
    }
    long begun = counts.begin(entry.permission());
    if (entry.handler() instanceof AskingHandler<H> asking) {
      asking.accept(call, said, rights(caller, entry.permission()));
    } else {
      entry.handler().accept(call, said);
    }
    counts.end(begun);
  }

  private Rights rights(Caller caller, Permission permission) {
    Rights known = caller.equals(Caller.ANONYMOUS) ? ofAnonymous.get(permission) : null;
    return known != null ? known : new Rights(policy, caller, permission);
  }

  /**
   * What everybody is answered who asks for this now, so that nothing of the request but its code need be
   * read; null when it has to pass. Who logs in says in the header who asks: then all have to.
   */
  @Nullable
  Reply refusalUnread(RequestTable.Entry<?> entry) {
    if (entry.admission() == RequestTable.Admission.ALWAYS
        || login != NOBODY_LOGS_IN
        || policy.refusal(Caller.ANONYMOUS, entry.code(), entry.permission()) != null) {
      return null;
    }
    return entry.admission().refusal();
  }

  void countRefusedUnread() {
    counts.refused();
  }

  private void refuse(Call call, ResponseCode code, String why) {
    counts.refused();
    call.reply(Reply.refused(code, why));
  }
}
