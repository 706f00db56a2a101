package io.escrowmq.broker.tx;

import io.escrowmq.broker.core.LogLoop;
import io.escrowmq.tx.TransactionCoordinator;

/**
 * What a report needs on its way: the rules, the pen, the memory, the count.
 *
 * @param loop where a report that has read much goes on
 * @param coordinator the log loop's
 * @param writer the log loop's
 * @param refusals owner: the thread that settles
 * @param answers for what has to be read first
 */
record EscrowParts(
    LogLoop loop,
    TransactionCoordinator coordinator,
    DecisionWriter writer,
    DecisionArchive archive,
    TransactionMetrics metrics,
    RefusalLog refusals,
    LateAnswers answers) {}
