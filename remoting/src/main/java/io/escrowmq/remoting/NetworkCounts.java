package io.escrowmq.remoting;

/** What a server's connections did since its start. Any thread may read. */
public interface NetworkCounts {

  /** Connections that are open now. */
  int openConnections();

  /** Requests that arrived. */
  long requests();

  /** Connections closed because of a frame that lied or could not be read. */
  long badFrames();

  /** Connections closed at once because there were too many. */
  long refusedConnections();

  /** Connections closed because the peer did not read its answers. */
  long slowPeers();

  /** Connections closed because all together held too much memory, and this one most of it. */
  long greedyPeers();

  /** Connections closed to make room for others, because their peers were silent. */
  long silentPeers();

  /** Requests whose handler failed with an exception of ours. */
  long failedHandlers();
}
