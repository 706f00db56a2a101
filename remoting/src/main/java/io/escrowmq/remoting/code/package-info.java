/** The numbers of the protocol: what is asked, and how it is answered. */
package io.escrowmq.remoting.code;
