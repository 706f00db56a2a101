package io.escrowmq.broker;

import io.escrowmq.broker.metrics.MetricRegistry;
import io.escrowmq.remoting.NetworkCounts;

/** What the network counts, among the broker's metrics. */
final class NetworkMetrics {

  private NetworkMetrics() {}

  static void register(MetricRegistry metrics, NetworkCounts counts) {
    metrics.gauge(
        "escrowmq_network_connections", "Connections that are open.", counts::openConnections);
    metrics.counter("escrowmq_network_requests_total", "Requests that arrived.", counts::requests);
    metrics.counter(
        "escrowmq_network_failed_handlers_total",
        "Requests whose handler failed with an exception.",
        counts::failedHandlers);
    metrics.counter(
        "escrowmq_network_refused_connections_total",
        "Connections refused because all were taken.",
        counts::refusedConnections);
    metrics.counter(
        "escrowmq_network_silent_peers_total",
        "Connections closed to make room for others, because their peers were silent.",
        counts::silentPeers);
    metrics.counter(
        "escrowmq_network_bad_frames_total",
        "Connections closed because of a frame that could not be read.",
        counts::badFrames);
    metrics.counter(
        "escrowmq_network_slow_peers_total",
        "Connections closed because the peer did not read its answers.",
        counts::slowPeers);
    metrics.counter(
        "escrowmq_network_greedy_peers_total",
        "Connections closed because all together held too much memory, and these most of it.",
        counts::greedyPeers);
  }
}
