package io.escrowmq.broker;

import static io.escrowmq.remoting.Permission.INSPECT;
import static io.escrowmq.remoting.Permission.READ;
import static io.escrowmq.remoting.Permission.WRITE;
import static io.escrowmq.remoting.RequestTable.on;
import static io.escrowmq.remoting.code.RequestCode.GET_EARLIEST_MSG_STORETIME;
import static io.escrowmq.remoting.code.RequestCode.GET_MAX_OFFSET;
import static io.escrowmq.remoting.code.RequestCode.GET_MIN_OFFSET;
import static io.escrowmq.remoting.code.RequestCode.LITE_PULL_MESSAGE;
import static io.escrowmq.remoting.code.RequestCode.PULL_MESSAGE;
import static io.escrowmq.remoting.code.RequestCode.QUERY_MESSAGE;
import static io.escrowmq.remoting.code.RequestCode.SEARCH_OFFSET_BY_TIMESTAMP;
import static io.escrowmq.remoting.code.RequestCode.SEND_BATCH_MESSAGE;
import static io.escrowmq.remoting.code.RequestCode.SEND_MESSAGE;
import static io.escrowmq.remoting.code.RequestCode.SEND_MESSAGE_V2;
import static io.escrowmq.remoting.code.RequestCode.SEND_REPLY_MESSAGE;
import static io.escrowmq.remoting.code.RequestCode.SEND_REPLY_MESSAGE_V2;
import static io.escrowmq.remoting.code.RequestCode.VIEW_MESSAGE_BY_ID;

import io.escrowmq.broker.pull.MessageLookup;
import io.escrowmq.broker.pull.OffsetQueries;
import io.escrowmq.broker.pull.PullHandler;
import io.escrowmq.broker.reply.ReplyHandler;
import io.escrowmq.broker.send.SendHandler;
import io.escrowmq.remoting.RequestTable;
import io.escrowmq.remoting.header.PullMessageHeader;
import io.escrowmq.remoting.header.QueryMessageHeader;
import io.escrowmq.remoting.header.QueueHeader;
import io.escrowmq.remoting.header.SearchOffsetHeader;
import io.escrowmq.remoting.header.SendMessageHeader;
import io.escrowmq.remoting.header.ViewMessageHeader;

/** What clients say to send, pull and find messages, and who may say it. */
final class BrokerRequests {

  private BrokerRequests() {}

  static RequestTable of(
      SendHandler send,
      ReplyHandler replies,
      PullHandler pull,
      OffsetQueries offsets,
      MessageLookup lookup) {
    return RequestTable.of(
        on(SEND_MESSAGE, SendMessageHeader.FIELDS_V1, WRITE, send::accept),
        on(SEND_MESSAGE_V2, SendMessageHeader.FIELDS_V2, WRITE, send::accept),
        on(SEND_BATCH_MESSAGE, SendMessageHeader.FIELDS_V2, WRITE, send::acceptBatch),
        on(SEND_REPLY_MESSAGE, SendMessageHeader.FIELDS_V1, WRITE, replies::accept),
        on(SEND_REPLY_MESSAGE_V2, SendMessageHeader.FIELDS_V2, WRITE, replies::accept),
        on(PULL_MESSAGE, PullMessageHeader.FIELDS, READ, pull::accept),
        on(LITE_PULL_MESSAGE, PullMessageHeader.FIELDS, READ, pull::accept),
        on(GET_MAX_OFFSET, QueueHeader.FIELDS, READ, offsets::max),
        on(GET_MIN_OFFSET, QueueHeader.FIELDS, READ, offsets::min),
        on(SEARCH_OFFSET_BY_TIMESTAMP, SearchOffsetHeader.FIELDS, READ, offsets::byTime),
        on(GET_EARLIEST_MSG_STORETIME, QueueHeader.FIELDS, READ, offsets::earliestTime),
        on(VIEW_MESSAGE_BY_ID, ViewMessageHeader.FIELDS, INSPECT, lookup::byPosition),
        on(QUERY_MESSAGE, QueryMessageHeader.FIELDS, INSPECT, lookup::byKey));
  }
}
