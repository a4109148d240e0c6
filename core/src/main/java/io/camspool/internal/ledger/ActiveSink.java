package io.camspool.internal.ledger;

/// A sink that deliveries are made for in this run.
///
/// @param number its row in the ledger
/// @param id its configured name
public record ActiveSink(int number, String id, boolean required) {}
