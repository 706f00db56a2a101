package io.escrowmq.broker.pull;

import io.escrowmq.broker.edge.CallOutcome;
import io.escrowmq.remoting.Body;
import io.escrowmq.remoting.Call;
import io.escrowmq.remoting.Reply;
import io.escrowmq.remoting.Rights;
import io.escrowmq.remoting.header.QueryMessageHeader;
import io.escrowmq.remoting.header.QueryMessageResponseHeader;
import io.escrowmq.remoting.header.ViewMessageHeader;

/** Look-ups of single messages, as the protocol has them. Any event loop. */
public final class LookupHandler {

  private final MessageLookup lookup;

  public LookupHandler(MessageLookup lookup) {
    this.lookup = lookup;
  }

  /** VIEW_MESSAGE_BY_ID. */
  public void byPosition(Call call, ViewMessageHeader header, Rights rights) {
    CallOutcome.answer(call, () -> Reply.ok(lookup.byPosition(header.position(), rights)));
  }

  /** QUERY_MESSAGE. */
  public void byKey(Call call, QueryMessageHeader header) {
    MessageLookup.KeyQuery wanted = new MessageLookup.KeyQuery(
        header.topic(),
        header.key(),
        header.uniqueKey() || "U".equals(header.indexType()),
        header.most(),
        header.beginTimestamp(),
        header.endTimestamp());
    CallOutcome.answer(call, () -> told(lookup.byKey(wanted)));
  }

  private static Reply told(MessageLookup.Matches found) {
    return Reply.ok(
        new QueryMessageResponseHeader(found.newestMillis(), found.newestPosition()),
        Body.of(found.messages()));
  }
}
