/// ORC files as tables of Arrow. The only package that sees ORC's library.
///
/// It is no module: two of the library's jars have a package in common, so all of this lies on a
/// class path.
@org.jspecify.annotations.NullMarked
package dev.vinery.orc;
