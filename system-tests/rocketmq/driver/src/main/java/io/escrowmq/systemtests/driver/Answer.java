package io.escrowmq.systemtests.driver;

import java.io.Serializable;
import java.util.Map;

/**
 * Answer to a bare request. Immutable.
 *
 * @param remark empty for none
 * @param body one byte a character; empty for none
 */
public record Answer(int code, String remark, Map<String, String> fields, String body)
    implements Serializable {}
