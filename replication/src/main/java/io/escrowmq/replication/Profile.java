package io.escrowmq.replication;

/**
 * What a replica says of itself at each start.
 *
 * @param clientAddress where clients reach it, host:port
 * @param replicationAddress where other replicas reach it, host:port
 * @param rack what fails together has the same label; may be empty
 * @param priority of two replicas that are equally good the one with more is elected
 */
public record Profile(String clientAddress, String replicationAddress, String rack, int priority) {

  public static final int MOST_ADDRESS = 255;
  public static final int MOST_RACK = 64;

  public Profile {
    Limits.text("the address for clients", clientAddress, MOST_ADDRESS);
    Limits.text("the address for replicas", replicationAddress, MOST_ADDRESS);
    Limits.length("the rack", rack, MOST_RACK);
  }
}
