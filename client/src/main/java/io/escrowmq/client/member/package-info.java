/**
 * Being a member of a consumer group: who is in it, which queues are ours, and where to begin. Not
 * for applications.
 */
@NullMarked
package io.escrowmq.client.member;

import org.jspecify.annotations.NullMarked;
