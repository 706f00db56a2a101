/**
 * Small values by namespace and key, the only thing a name server remembers across restarts: above
 * all the queues of ordered topics. {@code KvNamespaces} is what is known, {@code KvFile} the door to
 * where it survives. Used by {@code io.escrowmq.namesrv} only.
 */
package io.escrowmq.namesrv.kv;
