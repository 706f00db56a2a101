/**
 * The controller: who leads the replicas of a broker, and who of them is in sync. {@code ControllerLoop} owns all that
 * changes; the rules are those of {@link io.escrowmq.replication.GroupBook}.
 */
package io.escrowmq.namesrv.controller;
