/**
 * Where things are and who we are to them: name servers, routes, heartbeats, and what servers ask on
 * their own account. Not for applications.
 */
@NullMarked
package io.escrowmq.client.route;

import org.jspecify.annotations.NullMarked;
