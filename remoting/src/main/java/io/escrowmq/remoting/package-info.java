/** What bytes on the network mean, and the server and client that move them. Knows no broker. This package is the face; whoever uses the network starts here. */
package io.escrowmq.remoting;
