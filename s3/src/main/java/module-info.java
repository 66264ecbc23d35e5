/// Files in buckets of S3.
@org.jspecify.annotations.NullMarked
@SuppressWarnings("module") // its name ends in a digit, as that of what it is for
module dev.vinery.s3 {
  requires static org.jspecify;
  requires transitive dev.vinery.io;
  requires software.amazon.awssdk.auth;
  requires software.amazon.awssdk.awscore;
  requires software.amazon.awssdk.core;
  requires software.amazon.awssdk.http;
  requires software.amazon.awssdk.http.urlconnection;
  requires software.amazon.awssdk.identity.spi;
  requires software.amazon.awssdk.profiles;
  requires software.amazon.awssdk.regions;
  requires software.amazon.awssdk.services.s3;
  requires software.amazon.awssdk.utils;

  exports dev.vinery.s3;

  provides dev.vinery.io.Driver with
      dev.vinery.s3.S3Files;
}
