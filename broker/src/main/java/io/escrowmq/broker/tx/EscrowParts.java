package io.escrowmq.broker.tx;

import io.escrowmq.tx.TransactionCoordinator;

/**
 * What a report needs on its way: the rules, the pen, the memory, the count.
 *
 * @param coordinator the log loop's
 * @param writer the log loop's
 * @param unheard that of whoever settles
 * @param answers for what has to be read first
 */
record EscrowParts(
    TransactionCoordinator coordinator,
    DecisionWriter writer,
    DecisionArchive archive,
    TransactionMetrics metrics,
    Unheard unheard,
    LateAnswers answers) {}
