package io.escrowmq.systemtests.driver;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.rocketmq.client.hook.SendMessageContext;
import org.apache.rocketmq.client.hook.SendMessageHook;
import org.apache.rocketmq.client.producer.LocalTransactionState;
import org.apache.rocketmq.client.producer.SendResult;
import org.apache.rocketmq.client.producer.TransactionListener;
import org.apache.rocketmq.client.producer.TransactionMQProducer;
import org.apache.rocketmq.client.producer.TransactionSendResult;
import org.apache.rocketmq.common.message.Message;
import org.apache.rocketmq.common.message.MessageExt;

/** The transactional producers of this process, by name. */
final class TransactionalProducers implements TransactionDriver {

  // so many that a broker which syncs each batch to disk has something to put into a batch
  private static final int SENDERS = 32;

  private final Map<String, ScriptListener> producers = new ConcurrentHashMap<>();

  @Override
  public void startTransacting(
      String producer, String nameServers, String group, String topic, CheckScript script) {
    ScriptListener started = new ScriptListener(producer, nameServers, group, script);
    if (!topic.isEmpty()) {
      tell(started.client, topic);
    }
    ExceptionTranslator.run(started.client::start);
    producers.put(producer, started);
  }

  /** A client of 4.9 knows a topic from the start that every broker has, and cannot be told others. */
  private static void tell(TransactionMQProducer client, String topic) {
    for (Method method : TransactionMQProducer.class.getMethods()) {
      if (method.getName().equals("setTopics")) {
        ExceptionTranslator.run(() -> method.invoke(client, List.of(topic)));
      }
    }
  }

  @Override
  public void answerChecks(String producer, CheckScript script) {
    find(producer).script = script;
  }

  @Override
  public TransactionAnswer sendInTransaction(
      String producer, OutgoingMessage message, LocalOutcome local) {
    return find(producer).send(message, local);
  }

  @Override
  public void sendAllInTransaction(
      String producer, List<OutgoingMessage> messages, LocalOutcome local) {
    ScriptListener sender = find(producer);
    ExecutorService threads = Executors.newFixedThreadPool(SENDERS);
    try {
      List<Future<TransactionAnswer>> sent = new ArrayList<>();
      messages.forEach(message -> sent.add(threads.submit(() -> sender.send(message, local))));
      sent.forEach(one -> ExceptionTranslator.get(one::get));
    } finally {
      threads.shutdown();
    }
  }

  @Override
  public List<String> localTransactions(String producer) {
    return find(producer).localTransactions();
  }

  @Override
  public List<TransactionCheck> checks(String producer) {
    return find(producer).checks();
  }

  @Override
  public int checkCount(String producer) {
    return find(producer).checkCount();
  }

  @Override
  public void stopTransacting(String producer) {
    // what it was asked can still be looked at
    find(producer).stop();
  }

  private ScriptListener find(String producer) {
    return Messages.known(producers.get(producer), producer);
  }

  /** One producer, its listener, and what happened to it. Any thread. */
  private static final class ScriptListener implements TransactionListener, SendMessageHook {

    // far above what any broker takes, so that the broker is the one who refuses
    private static final int CLIENT_LIMIT_BYTES = 64 * 1024 * 1024;
    private static final int SEND_TIMEOUT_MILLIS = 20_000;

    private final TransactionMQProducer client;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Map<String, String> offsetIds = new ConcurrentHashMap<>();
    private final List<String> localTransactions = new ArrayList<>();
    private final List<TransactionCheck> checks = new ArrayList<>();
    private volatile CheckScript script;

    @SuppressWarnings("deprecation") // nothing else leads to what the client keeps of an answer
    ScriptListener(String name, String nameServers, String group, CheckScript script) {
      this.script = script;
      client = new TransactionMQProducer(group);
      Messages.configure(client, name, nameServers);
      client.setMaxMessageSize(CLIENT_LIMIT_BYTES);
      // a second attempt may store a second half-message, and a test counts them
      client.setRetryTimesWhenSendFailed(0);
      client.setSendMsgTimeout(SEND_TIMEOUT_MILLIS);
      client.setTransactionListener(this);
      client.getDefaultMQProducerImpl().registerSendMessageHook(this);
    }

    TransactionAnswer send(OutgoingMessage outgoing, LocalOutcome local) {
      TransactionSendResult result = ExceptionTranslator.get(
          () -> client.sendMessageInTransaction(Messages.toClient(outgoing), local));
      SendAnswer half = new SendAnswer(
          result.getSendStatus().name(),
          result.getMsgId(),
          Messages.orEmpty(offsetIds.remove(result.getMsgId())),
          result.getMessageQueue().getBrokerName(),
          result.getMessageQueue().getQueueId(),
          result.getQueueOffset());
      return new TransactionAnswer(
          half,
          Messages.orEmpty(result.getTransactionId()),
          result.getLocalTransactionState().name());
    }

    @Override
    public LocalTransactionState executeLocalTransaction(Message message, Object local) {
      synchronized (this) {
        localTransactions.add(Messages.body(message));
      }
      return stateOf((LocalOutcome) local);
    }

    @Override
    public LocalTransactionState checkLocalTransaction(MessageExt message) {
      LocalOutcome answer = script.answerFor(Messages.body(message));
      synchronized (this) {
        checks.add(new TransactionCheck(
            Messages.fromClient(message), Messages.orEmpty(message.getTransactionId()), answer));
      }
      return stateOf(answer);
    }

    private LocalTransactionState stateOf(LocalOutcome outcome) {
      return switch (outcome) {
        case COMMIT -> LocalTransactionState.COMMIT_MESSAGE;
        case ROLLBACK -> LocalTransactionState.ROLLBACK_MESSAGE;
        case UNKNOWN -> LocalTransactionState.UNKNOW;
        case FAILURE -> throw new IllegalStateException("as the test wants it");
        case HANGING -> {
          ExceptionTranslator.run(stopped::await);
          yield LocalTransactionState.UNKNOW;
        }
      };
    }

    synchronized List<String> localTransactions() {
      return new ArrayList<>(localTransactions);
    }

    synchronized List<TransactionCheck> checks() {
      return new ArrayList<>(checks);
    }

    synchronized int checkCount() {
      return checks.size();
    }

    void stop() {
      stopped.countDown();
      client.shutdown();
    }

    @Override
    public String hookName() {
      return "ids";
    }

    @Override
    public void sendMessageBefore(SendMessageContext context) {}

    /** The result of a transactional send leaves out the id that the broker gave. */
    @Override
    public void sendMessageAfter(SendMessageContext context) {
      SendResult result = context.getSendResult();
      if (result != null && result.getOffsetMsgId() != null) {
        offsetIds.put(result.getMsgId(), result.getOffsetMsgId());
      }
    }
  }
}
