/**
 * Consumer groups, and what consumers say: how far each group has consumed, what it gets back for another
 * try, who joins and leaves. Who is connected is kept below ({@code connected}); pulling is next door.
 *
 * <p>What must survive (groups, offsets) is a view of the log.
 */
package io.escrowmq.broker.consumer;
