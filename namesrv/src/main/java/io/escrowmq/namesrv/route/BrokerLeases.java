package io.escrowmq.namesrv.route;

import io.escrowmq.remoting.body.DataVersion;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which broker counts as alive, and until when. Owner: the route loop.
 *
 * <p>A lease ends when its time is over without another word from the broker, or at once when the
 * connection closes over which it last registered. Time during which no turn was taken does not count:
 * after a suspended machine or a long pause of this process every broker would otherwise be taken
 * for dead in the same moment.
 */
final class BrokerLeases {

  /** Longer than this between two looks, and all leases get the time in between back. */
  private static final long LONGEST_BLINK_MILLIS = 10_000;

  /** One broker's lease. Its topics are the route book's business, so they are not kept here. */
  static final class Lease {
    private final BrokerMember broker;
    private final @Nullable String haAddress;
    private DataVersion version;
    private final long digest;
    private final long leaseMillis;
    private Object connection; // over which it last registered
    private long renewedMillis;
    private final boolean all;
    private boolean whole; // false: what it told may be only a part
    private boolean disturbed; // what is known is no longer what it told
    private boolean changed; // it told changes after the registration that the digest is of

    Lease(Registration registration, boolean whole, Object connection, long nowMillis) {
      this.broker = registration.broker();
      this.haAddress = registration.haAddress();
      this.version = registration.version();
      this.whole = whole;
      this.all = registration.all();
      this.disturbed = registration.leftOut() > 0;
      this.digest = registration.digest();
      this.leaseMillis = registration.leaseMillis();
      this.connection = connection;
      this.renewedMillis = nowMillis;
    }

    BrokerMember broker() {
      return broker;
    }

    @Nullable
    String haAddress() {
      return haAddress;
    }

    long stateVersion() {
      return version.stateVersion();
    }

    /** The version of all that is known of the broker; null when that may be only a part. */
    @Nullable
    DataVersion wholeVersion() {
      return whole && !disturbed ? version : null;
    }

    /** True when it said exactly this, and that is what is known of it. */
    boolean said(long sameDigest) {
      return digest == sameDigest && !disturbed && !changed;
    }

    /**
     * An administrator changed the topics of this broker. One that always says all has to say it again:
     * only it knows what it has.
     */
    void disturb() {
      disturbed |= all;
    }

    long renewedMillis() {
      return renewedMillis;
    }

    Departure departure() {
      return new Departure(broker, connection);
    }

    private boolean isOver(long nowMillis) {
      return nowMillis - renewedMillis >= leaseMillis;
    }
  }

  private final Map<String, Lease> byAddress = new HashMap<>();
  private long lastLookMillis = Long.MIN_VALUE; // none yet

  int size() {
    return byAddress.size();
  }

  @Nullable
  Lease find(String address) {
    return byAddress.get(address);
  }

  void grant(Lease lease) {
    byAddress.put(lease.broker().address(), lease);
  }

  /**
   * The registration came again, word for word: what a broker says twice is all it has to say. From
   * now on the lease lives as long as this connection.
   */
  void repeat(String address, Object connection, long nowMillis) {
    Lease lease = byAddress.get(address);
    if (lease != null) {
      lease.connection = connection;
      lease.renewedMillis = nowMillis;
      lease.whole = true;
    }
  }

  /** What has changed is known, too. From now on the lease lives as long as this connection. */
  void change(String address, DataVersion version, Object connection, long nowMillis) {
    Lease lease = byAddress.get(address);
    if (lease != null) {
      lease.version = version;
      lease.changed = true;
      lease.connection = connection;
      lease.renewedMillis = nowMillis;
    }
  }

  void renew(String address, long nowMillis) {
    Lease lease = byAddress.get(address);
    if (lease != null) {
      lease.renewedMillis = nowMillis;
    }
  }

  void revoke(String address) {
    byAddress.remove(address);
  }

  List<Lease> heldOver(Object connection) {
    return those(lease -> lease.connection == connection);
  }

  /** The leases that are over at this moment; one that is over exactly now is over. */
  List<Lease> over(long nowMillis) {
    giveBackTimeNobodyLooked(nowMillis);
    return those(lease -> lease.isOver(nowMillis));
  }

  private void giveBackTimeNobodyLooked(long nowMillis) {
    long gap = lastLookMillis == Long.MIN_VALUE ? 0 : nowMillis - lastLookMillis;
    lastLookMillis = nowMillis;
    if (gap >= 0 && gap <= LONGEST_BLINK_MILLIS) {
      return;
    }
    long lost = Math.max(gap, 0); // a clock that went back gives nothing, but no lease may profit
    for (Lease lease : byAddress.values()) {
      lease.renewedMillis = Math.min(nowMillis, lease.renewedMillis + lost);
    }
  }

  private List<Lease> those(Predicate<Lease> condition) {
    List<Lease> those = new ArrayList<>();
    for (Lease lease : byAddress.values()) {
      if (condition.test(lease)) {
        those.add(lease);
      }
    }
    return those;
  }
}
