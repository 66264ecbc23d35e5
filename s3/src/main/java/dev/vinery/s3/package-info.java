/// Files in buckets of S3, and of servers that speak like it. The only package that sees Amazon's
/// library.
package dev.vinery.s3;
