package io.escrowmq.client.jta;

import jakarta.transaction.RollbackException;
import jakarta.transaction.Status;
import jakarta.transaction.SystemException;
import jakarta.transaction.Transaction;
import jakarta.transaction.TransactionManager;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.transaction.xa.XAResource;

/** Has parties join the transaction that a thread runs, each once. Any thread. */
public final class Enlistment {

  private final TransactionManager manager;
  private final TransactionSynchronizationRegistry registry;

  public Enlistment(TransactionManager manager, TransactionSynchronizationRegistry registry) {
    this.manager = manager;
    this.registry = registry;
  }

  /**
   * What takes part in the running transaction under this key; made and enlisted the first time.
   *
   * @param resource what is enlisted of it
   * @param discard gets what was made and not taken
   * @throws IllegalStateException this thread runs no transaction that can still commit
   */
  public <T> T once(
      Object key, Supplier<T> make, Function<T, XAResource> resource, Consumer<T> discard) {
    try {
      Transaction transaction = manager.getTransaction();
      if (transaction == null || transaction.getStatus() != Status.STATUS_ACTIVE) {
        throw new IllegalStateException(
            "this thread runs no transaction that can still commit; begin one before you send");
      }
      @SuppressWarnings("unchecked") // what this method has put there
      T known = (T) registry.getResource(key);
      return known == null ? enlist(transaction, key, make.get(), resource, discard) : known;
    } catch (SystemException e) {
      throw new IllegalStateException("the transaction takes no resource in: " + e.getMessage(), e);
    }
  }

  private <T> T enlist(
      Transaction transaction,
      Object key,
      T made,
      Function<T, XAResource> resource,
      Consumer<T> discard)
      throws SystemException {
    boolean taken = false;
    try {
      taken = transaction.enlistResource(resource.apply(made));
    } catch (RollbackException e) {
      throw new IllegalStateException("the transaction is rolled back already", e);
    } finally {
      if (!taken) {
        discard.accept(made);
      }
    }
    if (!taken) {
      throw new IllegalStateException("the transaction manager does not take " + made);
    }
    registry.putResource(key, made);
    return made;
  }
}
