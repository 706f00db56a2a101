package io.escrowmq.remoting;

/**
 * Reads what a request says, from its header or its body, before anybody is asked whether its caller may say
 * it. Throws {@link BadInputException} when it cannot be read.
 */
@FunctionalInterface
public interface RequestReader<H> {

  H read(Call call);
}
