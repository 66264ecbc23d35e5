/// Drivers: what URIs name becomes streams and frames, and streams become files. Read
/// [dev.vinery.io.Drivers] first, then [dev.vinery.io.Driver], then [dev.vinery.io.CsvPart].
package dev.vinery.io;
