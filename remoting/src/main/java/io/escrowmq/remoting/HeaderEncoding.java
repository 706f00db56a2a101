package io.escrowmq.remoting;

/** How a frame's header is written; an answer is written as its request was. */
public enum HeaderEncoding {
  JSON(0),
  BINARY(1);

  private final int number;

  HeaderEncoding(int number) {
    this.number = number;
  }

  /** As frames name it. */
  public int number() {
    return number;
  }
}
