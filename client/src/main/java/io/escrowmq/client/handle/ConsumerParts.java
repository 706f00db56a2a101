package io.escrowmq.client.handle;

import io.escrowmq.client.pull.ByteBudget;
import io.escrowmq.client.pull.ConsumerLimits;

/** What all queues of one consumer share. */
record ConsumerParts(
    ConsumerLimits limits,
    ByteBudget budget,
    Handlers handlers,
    HandlerCall handlerCall,
    Redelivery redelivery,
    OpenDeliveries open,
    Runnable wakeAll) {}
