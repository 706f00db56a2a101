package io.escrowmq.systemtests.driver;

/** What a RocketMQ client threw, told across the process border. Immutable. */
public final class DriverException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String type;
  private final int responseCode;

  /**
   * @param type simple name of the class that was thrown
   * @param responseCode the broker's response code; -1 when the failure was not an answer of a broker
   */
  public DriverException(String type, int responseCode, String message) {
    super(type + ": " + message);
    this.type = type;
    this.responseCode = responseCode;
  }

  /** Simple name of the class that the client threw, such as {@code MQBrokerException}. */
  public String type() {
    return type;
  }

  /** The response code of the broker; -1 when the failure was not an answer of a broker. */
  public int responseCode() {
    return responseCode;
  }
}
