package io.escrowmq.tx;

/** What a group's producers call a transaction. */
record TransactionName(String group, String name) {}
