package io.escrowmq.namesrv;

import io.escrowmq.remoting.Gate;
import io.escrowmq.remoting.Policy;
import io.escrowmq.remoting.RequestTable;

/**
 * Every request that a name server understands (namesrv.md 1), and who may send it: clients look at
 * routes, administrators inspect and manage, brokers serve.
 */
final class NamesrvRequests {

  private NamesrvRequests() {}

  /** @param more what else this name server does */
  static RequestTable table(RouteLoop loop, NamesrvSettings settings, RequestTable more) {
    return new RouteRequests(loop)
        .table()
        .and(new RegistrationRequests(loop, settings).table())
        .and(new TopicChangeRequests(loop).table())
        .and(new KvRequests(loop).table())
        .and(new ConfigRequests(loop, settings).table())
        .and(more)
        .behind(Gate.of(Policy.forAll(settings.anonymous())));
  }
}
