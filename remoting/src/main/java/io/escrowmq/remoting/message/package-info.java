/**
 * How a message lies in bytes: the stored layout, property strings, ids, batch bodies, and which
 * topic and group names are legal. Pure functions over bytes; anybody may use them.
 */
package io.escrowmq.remoting.message;
