package io.escrowmq.namesrv.controller;

import io.escrowmq.namesrv.kv.KvFile;
import io.escrowmq.namesrv.kv.KvFileException;
import io.escrowmq.replication.Command;
import io.escrowmq.replication.GroupBook;
import io.escrowmq.replication.GroupState;
import io.escrowmq.replication.Ruling;
import io.escrowmq.replication.StateCodec;
import io.escrowmq.replication.StateFormatException;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * One controller that agrees with itself: the whole book stands in one file, and is replaced when it changes. It has a
 * few KB and changes when something breaks. If we stop before the file is replaced, the asker got no answer and asks
 * again; after it, the same command finds its work done.
 *
 * <p>Owner: the controller's loop.
 */
public final class FileConsensus implements Consensus {

  private final KvFile file;
  private GroupBook book;

  private FileConsensus(KvFile file, GroupBook book) {
    this.file = file;
    this.book = book;
  }

  /**
   * Reads the book, or begins one and keeps it before anybody learns its name. Fails with {@link ConsensusException}.
   *
   * @param cluster makes a name for a new cluster that no other one has
   */
  public static FileConsensus open(KvFile file, Supplier<String> cluster) {
    try {
      byte[] content = file.read();
      if (content != null) {
        return new FileConsensus(file, StateCodec.decodeBook(content));
      }
      GroupBook empty = GroupBook.empty(cluster.get());
      file.replace(StateCodec.encode(empty));
      return new FileConsensus(file, empty);
    } catch (StateFormatException e) {
      throw new ConsensusException(
          "the controller's file cannot be used: " + e.getMessage()
              + "; put back the last good copy of it. Without it no broker with replicas can be led",
          e);
    } catch (KvFileException e) {
      throw new ConsensusException("the controller's file cannot be read or made", e);
    }
  }

  @Override
  public GroupBook book() {
    return book;
  }

  @Override
  public void submit(Command command, Consumer<Ruling> then) {
    Ruling ruling = book.rule(command);
    if (ruling instanceof Ruling.Accepted accepted) {
      keep(accepted.state());
    }
    then.accept(ruling);
  }

  private void keep(GroupState state) {
    if (state.equals(book.group(state.name()))) {
      return;
    }
    GroupBook next = book.with(state);
    try {
      file.replace(StateCodec.encode(next));
    } catch (KvFileException e) {
      throw new ConsensusException(
          "the controller could not write its file, nothing was changed; make room or mend the disk",
          e);
    }
    book = next;
  }

  @Override
  public void close() {
    file.close();
  }
}
