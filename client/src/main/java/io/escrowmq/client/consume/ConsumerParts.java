package io.escrowmq.client.consume;

/** What all queues of one consumer share. */
record ConsumerParts(
    ConsumerLimits limits,
    Room room,
    Handlers handlers,
    Handling handling,
    Redelivery redelivery,
    InWork begun,
    Runnable wakeAll) {}
