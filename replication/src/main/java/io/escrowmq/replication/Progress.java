package io.escrowmq.replication;

/** How far one follower is, in this epoch. Owner: the leader. */
final class Progress {

  private static final long NEVER = Long.MIN_VALUE;

  private long incarnation;
  private long safe = -1; // acknowledged by this incarnation in this epoch; -1 before
  private boolean hasCaughtUp; // this incarnation, in this epoch
  private long atEndMillis; // when it last had all that the leader had
  private long goalEnd = NEVER; // the leader's end at goalMillis
  private long goalMillis;
  private boolean isConnected =
      true; // until it is lost: a new leader gives each follower the lag's time
  private long goneSinceMillis;

  Progress(long incarnation, long nowMillis) {
    this.incarnation = incarnation;
    this.atEndMillis = nowMillis;
  }

  long incarnation() {
    return incarnation;
  }

  long safe() {
    return safe;
  }

  /** What an earlier incarnation acknowledged, this one may have lost. */
  void become(long newIncarnation) {
    incarnation = newIncarnation;
    safe = -1;
    hasCaughtUp = false;
    goalEnd = NEVER;
  }

  void acknowledge(long nowSafe, long leaderEnd, long nowMillis) {
    safe = Math.max(safe, nowSafe);
    isConnected = true;
    if (safe >= leaderEnd) {
      caughtUp(nowMillis);
    } else if (goalEnd != NEVER && safe >= goalEnd) {
      caughtUp(goalMillis);
    } else if (goalEnd != NEVER) {
      return;
    }
    goalEnd = leaderEnd;
    goalMillis = nowMillis;
  }

  private void caughtUp(long millis) {
    hasCaughtUp = true;
    atEndMillis = Math.max(atEndMillis, millis);
  }

  void disconnected(long nowMillis) {
    if (isConnected) {
      isConnected = false;
      goneSinceMillis = nowMillis;
    }
  }

  boolean hasCaughtUp() {
    return hasCaughtUp;
  }

  /** How long ago it last had all that the leader had then. */
  long lagMillis(long nowMillis) {
    return nowMillis - atEndMillis;
  }

  boolean keepsUp(InSyncTiming timing, long nowMillis) {
    return lagMillis(nowMillis) <= timing.lagMillis()
        && (isConnected || nowMillis - goneSinceMillis <= timing.goneMillis());
  }

  boolean isConnected() {
    return isConnected;
  }
}
