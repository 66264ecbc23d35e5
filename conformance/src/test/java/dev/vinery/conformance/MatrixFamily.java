package dev.vinery.conformance;

import java.util.SequencedMap;
import java.util.function.UnaryOperator;

/// Values of one kind that the matrix exchanges.
///
/// @param module Python's list of them, a file in `interop`
/// @param values Java's list of them, by the same names
/// @param comparable brings a value into a form that can be compared with `equals`
record MatrixFamily(
    String module, SequencedMap<String, Object> values, UnaryOperator<Object> comparable) {}
