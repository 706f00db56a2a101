package io.escrowmq.client;

import javax.transaction.xa.XAResource;

/**
 * Messages as a party of a distributed transaction. Between {@code start} and {@code end} they are
 * collected; {@code prepare} stores them in escrow, so that its vote survives any crash; {@code commit}
 * makes all of them visible. What is prepared is never ended by a timer: its manager finds it with
 * {@code recover}, from any process.
 *
 * <p>{@link EscrowJta} enlists such resources by itself; to do it by hand, take one from
 * {@link EscrowJta#xaResource()}.
 */
public interface EscrowXAResource extends XAResource {

  /**
   * Adds a message to the branch that this resource works for now.
   *
   * @return the message's id, the same on every delivery
   * @throws OverloadedException the branch has too many messages, or bytes
   * @throws IllegalStateException this resource works for no branch
   */
  String send(Message message);
}
