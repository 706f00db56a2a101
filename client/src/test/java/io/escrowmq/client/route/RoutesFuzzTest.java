package io.escrowmq.client.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.escrowmq.remoting.body.BadBodyException;
import io.escrowmq.remoting.body.ClusterTable;
import io.escrowmq.remoting.body.TopicRoute;
import io.escrowmq.runtime.fuzz.FuzzContract;
import io.escrowmq.runtime.fuzz.FuzzTarget;
import java.util.List;

/** What a name server says about topics and clusters. */
class RoutesFuzzTest extends FuzzContract {

  @Override
  protected List<FuzzTarget> targets() {
    return List.of(
        FuzzTarget.of("routes", RoutesFuzzTest::readRoute)
            .refusingWith(BadBodyException.class)
            .reading(
                "{\"brokerDatas\":[{\"brokerAddrs\":{0:\"10.0.0.1:10911\"},\"brokerName\":\"a\","
                    + "\"cluster\":\"C\"}],\"queueDatas\":[{\"brokerName\":\"a\",\"perm\":6,"
                    + "\"readQueueNums\":4,\"writeQueueNums\":4,\"topicSysFlag\":0}]}")
            .taking(64 << 20, 200),
        FuzzTarget.of(
                "cluster-tables",
                input -> Route.ofCluster(ClusterTable.read(input).brokers()))
            .refusingWith(BadBodyException.class)
            .reading(
                "{\"brokerAddrTable\":{\"a\":{\"brokerAddrs\":{0:\"10.0.0.1:10911\"},"
                    + "\"brokerName\":\"a\",\"cluster\":\"C\"}},\"clusterAddrTable\":{\"C\":[\"a\"]}}"));
  }

  private static void readRoute(byte[] input) {
    TopicRoute wire = TopicRoute.read(input);
    Route route = Route.of("T", wire);
    route
        .writable()
        .forEach(queue -> assertThat(route.master(queue.brokerName())).isNotNull());
    assertThat(Route.assumed("T", wire).assumed()).isTrue();
  }
}
