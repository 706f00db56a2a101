/** How two sides prove to each other that they know the secret of the replicas, without sending it. */
package io.escrowmq.remoting.secret;
