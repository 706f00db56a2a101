package io.escrowmq.remoting.secret;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What the replicas of a broker share and nobody else knows. Each side proves that it knows it by a keyed hash of
 * two challenges, one of either side: neither the secret nor anything that can be used again crosses the network.
 * Immutable.
 */
public final class ReplicaSecret {

  /** Shorter ones can be guessed. */
  public static final int LEAST_BYTES = 16;

  private static final String ALGORITHM = "HmacSHA256";

  /** Who proves; so that a proof cannot be sent back to the one who made it, nor elsewhere. */
  public enum Side {
    LEADER,
    FOLLOWER,
    CONTROLLER,
    MEMBER
  }

  /**
   * What is proven.
   *
   * @param group the broker's name
   * @param replica the number of the side that connects
   * @param ofCaller the challenge of the side that connects
   * @param ofServer the challenge of the side that listens
   */
  public record Challenges(String group, int replica, String ofCaller, String ofServer) {}

  private final SecretKeySpec key;

  /**
   * @param bytes as they stand in the file; white space around them does not count
   * @throws IllegalArgumentException when there are fewer than {@link #LEAST_BYTES}
   */
  public ReplicaSecret(byte[] bytes) {
    byte[] secret = new String(bytes, StandardCharsets.ISO_8859_1)
        .strip()
        .getBytes(StandardCharsets.ISO_8859_1);
    if (secret.length < LEAST_BYTES) {
      throw new IllegalArgumentException("the secret of the replicas has " + secret.length
          + " bytes, at least " + LEAST_BYTES + " are needed");
    }
    this.key = new SecretKeySpec(secret, ALGORITHM);
  }

  public String proof(Side side, Challenges challenges) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      String text = String.join(
          "\n",
          side.name(),
          challenges.group(),
          Integer.toString(challenges.replica()),
          challenges.ofCaller(),
          challenges.ofServer());
      return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(ALGORITHM + " is part of each Java platform", e);
    }
  }

  public boolean isProof(String proof, Side side, Challenges challenges) {
    return MessageDigest.isEqual(
        proof.getBytes(StandardCharsets.UTF_8),
        proof(side, challenges).getBytes(StandardCharsets.UTF_8));
  }
}
