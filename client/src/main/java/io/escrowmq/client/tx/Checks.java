package io.escrowmq.client.tx;

import io.escrowmq.client.TransactionOutcome;
import io.escrowmq.client.UnsupportedByServerException;
import io.escrowmq.client.core.Failures;
import io.escrowmq.client.route.ServerRequests.CheckListener;
import io.escrowmq.remoting.header.CheckTransactionHeader;
import io.escrowmq.remoting.header.DecideTransactionHeader;
import io.escrowmq.remoting.header.EndTransactionHeader;
import io.escrowmq.remoting.message.MessageView;
import io.escrowmq.remoting.message.PropertyNames;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers brokers that ask how transactions of one producer group ended. Questions wait for a thread;
 * when too many wait, or one is asked again meanwhile, it is dropped: brokers ask again. Any thread.
 */
final class Checks implements CheckListener {

  private static final Logger LOG = LoggerFactory.getLogger(Checks.class);

  private final String group;
  private final Checker checker;
  private final Reports reports;
  private final Executor threads;
  private final Set<Question> open = ConcurrentHashMap.newKeySet(); // bounded by the threads' queue

  private record Question(String broker, long position) {}

  /**
   * @param threads run the checker; may refuse
   */
  Checks(String group, Checker checker, Reports reports, Executor threads) {
    this.group = group;
    this.checker = checker;
    this.reports = reports;
    this.threads = threads;
  }

  @Override
  public void asked(String broker, CheckTransactionHeader header, byte[] half) {
    Question question = new Question(broker, header.position());
    if (!open.add(question)) {
      return;
    }
    try {
      threads.execute(() -> answer(question, header, MessageView.of(half)));
    } catch (RejectedExecutionException e) {
      open.remove(question);
      LOG.warn("too many checks of {} wait; {} is not answered this time", group, question);
    }
  }

  private void answer(Question question, CheckTransactionHeader header, MessageView half) {
    try {
      TransactionOutcome outcome = checker.check(half);
      if (outcome != TransactionOutcome.UNKNOWN) {
        report(question, header, half, outcome).whenComplete((told, failure) -> {
          if (failure != null) {
            LOG.debug(
                "{} could not be told: {}",
                question,
                Failures.unwrapped(failure).getMessage());
          } else if (told instanceof BrokerAnswer.Contradiction contrary) {
            LOG.error("{} of {} should be {}: {}", question, group, outcome, contrary.remark());
          }
        });
      }
    } catch (RuntimeException e) {
      LOG.warn("the check of {} of {} failed; it will be asked again", question, group, e);
    } finally {
      open.remove(question);
    }
  }

  private CompletionStage<BrokerAnswer> report(
      Question question,
      CheckTransactionHeader header,
      MessageView half,
      TransactionOutcome outcome) {
    @Nullable String name = half.property(PropertyNames.ESCROW_TRANSACTION);
    if (name == null) {
      return end(question, header, half, outcome);
    }
    return reports
        .decide(
            question.broker(),
            new DecideTransactionHeader(
                group, name, Reports.flags(outcome), 0, true, header.position()))
        .exceptionallyCompose(
            failure -> Failures.unwrapped(failure) instanceof UnsupportedByServerException
                ? end(question, header, half, outcome) // RocketMQ has taken the half-message as one
                : CompletableFuture.failedFuture(failure));
  }

  private CompletionStage<BrokerAnswer> end(
      Question question,
      CheckTransactionHeader header,
      MessageView half,
      TransactionOutcome outcome) {
    @Nullable String uniqueKey = half.property(PropertyNames.UNIQUE_KEY);
    @Nullable String messageId = uniqueKey == null ? header.messageId() : uniqueKey;
    return reports.end(
        question.broker(),
        new EndTransactionHeader(
            group,
            header.halfQueueOffset(),
            header.position(),
            Reports.flags(outcome),
            true,
            messageId == null ? "" : messageId,
            header.transactionId(),
            half.topic()));
  }
}
