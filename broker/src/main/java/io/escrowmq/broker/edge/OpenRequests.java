package io.escrowmq.broker.edge;

import io.escrowmq.broker.core.LogLoop;
import io.escrowmq.broker.refusal.Refusal;
import io.escrowmq.remoting.Call;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.RequestTable;
import io.escrowmq.remoting.Requests;
import org.jspecify.annotations.Nullable;

/**
 * Requests go to the core that is open; while none is, they are refused, and clients try again. Requests come
 * from any thread; one opens and closes.
 */
public final class OpenRequests implements Requests {

  private record Front(RequestTable requests, LogLoop loop) {}

  private volatile @Nullable Front front; // null: no core takes requests

  /** From now on they go to a core, which has its proposals ruled on by this loop. */
  public void open(RequestTable requests, LogLoop loop) {
    front = new Front(requests, loop);
  }

  public void close() {
    front = null;
  }

  @Override
  public void dispatch(Call call) {
    Front now = front;
    if (now == null) {
      call.reply(RefusalPage.reply(new Refusal.CoreClosed()));
    } else {
      now.requests().dispatch(call);
    }
  }

  @Override
  public @Nullable Reply refusalUnread(int code) {
    Front now = front;
    return now == null ? null : now.requests().refusalUnread(code);
  }

  @Override
  public void countRefusedUnread() {
    Front now = front;
    if (now != null) {
      now.requests().countRefusedUnread();
    }
  }

  /** Has all that one read has brought ruled on together. */
  @Override
  public void readDone() {
    Front now = front;
    if (now != null) {
      now.loop().go();
    }
  }
}
