/** Which broker serves which topic. */
package io.escrowmq.namesrv;
