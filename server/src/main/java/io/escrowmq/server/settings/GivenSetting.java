package io.escrowmq.server.settings;

/** Something that somebody said about a key, not yet judged. */
record GivenSetting(String key, String text, Origin origin) {}
