package io.escrowmq.broker.edge;

import io.escrowmq.broker.core.Change;
import io.escrowmq.broker.core.ShownChanges;
import io.escrowmq.broker.refusal.Refusal;
import io.escrowmq.remoting.Body;
import io.escrowmq.remoting.Call;
import io.escrowmq.remoting.Connection;
import io.escrowmq.remoting.Fields;
import io.escrowmq.remoting.Handler;
import io.escrowmq.remoting.Reply;
import java.nio.ByteBuffer;

/** A call whose answer shows topics, groups or offsets, and is given when what it shows is visible. */
public record ShownCall(Call call, ShownChanges changes) implements Call {

  /** A handler whose answers show such things. */
  public static <H> Handler<H> shown(ShownChanges changes, Handler<H> handler) {
    return (call, said) -> handler.accept(new ShownCall(call, changes), said);
  }

  @Override
  public void reply(Reply reply) {
    if (call.isOneWay()) {
      call.reply(reply); // dropped there: nothing of it need wait
      return;
    }
    changes.tell(reply, reply.body().length(), new Told(call, reply.body()));
  }

  /** An answer that is refused is never written: what it holds is let go of here. */
  private record Told(Call call, Body body) implements Change.Outcome<Reply> {

    @Override
    public void done(Reply reply) {
      call.reply(reply);
    }

    @Override
    public void refused(Refusal why) {
      body.release();
      call.reply(RefusalPage.reply(why));
    }
  }

  @Override
  public int code() {
    return call.code();
  }

  @Override
  public int version() {
    return call.version();
  }

  @Override
  public String language() {
    return call.language();
  }

  @Override
  public boolean isOneWay() {
    return call.isOneWay();
  }

  @Override
  public Fields fields() {
    return call.fields();
  }

  @Override
  public ByteBuffer body() {
    return call.body();
  }

  @Override
  public Connection connection() {
    return call.connection();
  }

  @Override
  public void giveWay() {
    call.giveWay();
  }
}
