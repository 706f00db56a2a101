package io.escrowmq.systemtests;

/** A version of the RocketMQ client, and how it writes its headers. */
enum ClientKind {
  V5_5_0_JSON("5.5.0", "JSON"),
  V5_5_0_BINARY("5.5.0", "ROCKETMQ"),
  V4_9_8_JSON("4.9.8", "JSON"),
  V4_9_8_BINARY("4.9.8", "ROCKETMQ");

  private final String version;
  private final String headers;

  ClientKind(String version, String headers) {
    this.version = version;
    this.headers = headers;
  }

  String version() {
    return version;
  }

  /** Value of the client's property {@code rocketmq.serialize.type}. */
  String headers() {
    return headers;
  }
}
