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

  static RequestTable table(RouteLoop loop, NamesrvSettings settings) {
    return new RouteRequests(loop)
        .table()
        .and(new RegistrationRequests(loop, settings).table())
        .and(new TopicChangeRequests(loop).table())
        .and(new KvRequests(loop).table())
        .and(new ConfigRequests(loop, settings).table())
        .behind(Gate.of(Policy.forAll(settings.anonymous())));
  }
}
