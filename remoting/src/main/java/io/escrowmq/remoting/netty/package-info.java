/**
 * Moves frames: the server, the client and the connections of both, on Netty. The only package
 * that imports it; everybody else sees the face, {@code io.escrowmq.remoting}.
 */
package io.escrowmq.remoting.netty;
