package io.escrowmq.demo.run;

import io.escrowmq.client.TopicQueue;
import io.escrowmq.demo.shop.Shop;
import io.escrowmq.remoting.Answer;
import io.escrowmq.remoting.RemotingClient;
import io.escrowmq.remoting.RemotingSettings;
import io.escrowmq.remoting.Request;
import io.escrowmq.remoting.RequestTable;
import io.escrowmq.remoting.body.TransactionList;
import io.escrowmq.remoting.code.RequestCode;
import io.escrowmq.remoting.header.ListTransactionsHeader;
import io.escrowmq.remoting.header.UpdateTopicHeader;
import io.escrowmq.remoting.netty.NettyNetwork;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What an operator asks of the broker: topics to be created, and what is in doubt. One owner. */
final class Topics implements AutoCloseable {

  static final String BROKER = "broker-a";

  private static final List<String> NAMES =
      List.of(Shop.ORDERS, Shop.JOURNAL, Shop.STOCK, Shop.PAYMENTS);
  private static final int QUEUES = 4;
  private static final int READ_AND_WRITE = 6;
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final RemotingClient network =
      new NettyNetwork().client(RequestTable.of(), RemotingSettings.forClient());
  private final String address;

  Topics(String address) {
    this.address = address;
  }

  /** All queues of all topics. */
  static List<TopicQueue> queues() {
    List<TopicQueue> queues = new ArrayList<>();
    for (String name : NAMES) {
      for (int queue = 0; queue < QUEUES; queue++) {
        queues.add(new TopicQueue(name, BROKER, queue));
      }
    }
    return queues;
  }

  /** Creates the topics, so that consumers may come before the first message. */
  void create() {
    for (String name : NAMES) {
      ask(Request.of(
          RequestCode.UPDATE_AND_CREATE_TOPIC,
          new UpdateTopicHeader(name, null, QUEUES, QUEUES, READ_AND_WRITE, null, 0, false, null)));
    }
  }

  /** How many transactions the broker does not know the end of. */
  long inDoubt() {
    Answer answer = ask(Request.of(
        RequestCode.LIST_TRANSACTIONS,
        new ListTransactionsHeader(
            null, 0, false, ListTransactionsHeader.FROM_THE_START, ListTransactionsHeader.MOST)));
    return TransactionList.read(answer.body()).transactions();
  }

  private Answer ask(Request request) {
    Answer answer =
        network.call(address, request, PATIENCE).toCompletableFuture().join();
    if (!answer.isOk()) {
      throw new DemoException("the broker refused " + request.code() + ": " + answer.remark());
    }
    return answer;
  }

  @Override
  public void close() {
    network.close();
  }
}
