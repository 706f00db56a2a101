package io.escrowmq.broker.route;

import io.escrowmq.broker.core.BrokerIdentity;
import io.escrowmq.broker.topic.TopicVersion;
import io.escrowmq.remoting.Answer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One name server, and what we believe it knows. Owner: {@link RouteRegistration}, its loop and the
 * answers that it waits for, of which there is one at a time.
 */
final class NameServer {

  private static final Logger LOG = LoggerFactory.getLogger(NameServer.class);

  private static final long SEAT_WARNING_MILLIS = 60_000;

  final String address;
  volatile @Nullable TopicVersion known; // what it was told last; null: nothing
  volatile long nextMillis;
  volatile boolean busy; // a request is under way
  volatile boolean reachable = true;
  volatile int leftOut; // topics that it said it does not take, and those that do not fit
  volatile boolean takesChanges = true; // RocketMQ's do not, but some take single topics
  volatile boolean takesSingleTopics = true;
  private volatile long nextSeatWarningMillis = Long.MIN_VALUE;

  NameServer(String address) {
    this.address = address;
  }

  /** Whether it knows this state of the topics, or a newer one. */
  boolean knows(TopicVersion version) {
    TopicVersion told = known;
    return told != null && told.counter() >= version.counter();
  }

  /** It may come back as another program, and knowing nothing. */
  void forget() {
    known = null;
    takesChanges = true;
    takesSingleTopics = true;
  }

  /** Judges an answer, or that there was none; warns when that is new. */
  boolean isDone(String what, @Nullable Answer answer, @Nullable Throwable failure) {
    boolean done = answer != null && answer.isOk();
    if (done != reachable) {
      reachable = done;
      if (done) {
        LOG.info("the name server {} answers again", address);
      } else {
        LOG.warn(
            "cannot {} at the name server {}: {}; it is tried again every second",
            what,
            address,
            failure != null ? failure.getMessage() : answer == null ? "" : answer.remark());
      }
    }
    return done;
  }

  /** A request to it could not be made, or its answer not be read. Told everything again, after a pause. */
  void failed(Throwable why) {
    LOG.error("the name server {} could not be told", address, why);
    known = null;
    reachable = false; // else it would be tried again at once, and again
  }

  void warnOfLeftOut(int nowLeftOut) {
    if (nowLeftOut != leftOut) {
      leftOut = nowLeftOut;
      LOG.warn(
          "the name server {} leaves out {} topics of this broker, and clients find no route to them;"
              + " delete topics that nobody needs, or see topic.max",
          address,
          nowLeftOut);
    }
  }

  /** @param other address of another broker of this name and id; null when there is none */
  void warnOfTwo(BrokerIdentity broker, @Nullable String other, long nowMillis) {
    if (other != null && nowMillis >= nextSeatWarningMillis) {
      nextSeatWarningMillis = nowMillis + SEAT_WARNING_MILLIS;
      LOG.warn(
          "the name server {} knows another broker of the name '{}' and the id {} at {}, this one is"
              + " at {}: they take clients from each other; give one of them another broker.name",
          address,
          broker.name(),
          broker.id(),
          other,
          broker.address());
    }
  }
}
