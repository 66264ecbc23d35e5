package dev.vinery.s3;

import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.profiles.Profile;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/// Which server is asked, and as whom. Immutable.
///
/// What is not said here is found as Amazon's own programs do: in the variables `AWS_…`, then in
/// the files of profiles.
///
/// @param endpoint of a server that is not Amazon's
/// @param region of the bucket
/// @param profile in the files of profiles
/// @param anonymous whether nobody signs, for buckets that are open to all
record S3Account(
    Optional<URI> endpoint, Optional<String> region, Optional<String> profile, boolean anonymous) {
  /// The names of the options that say who and where.
  static final Set<String> OPTIONS = Set.of("endpoint", "region", "profile", "anonymous");

  private static final Duration CONNECT_PATIENCE = Duration.ofSeconds(10);
  private static final Duration READ_PATIENCE = Duration.ofSeconds(60);

  /// Where a bucket is looked for that nobody has said anything of; Amazon then tells its region.
  private static final Region FIRST_REGION = Region.US_EAST_1;

  /// @param options others are passed over
  /// @throws IllegalArgumentException if an option is wrong
  static S3Account of(Map<String, String> options) {
    return new S3Account(
        Optional.ofNullable(options.get("endpoint")).map(S3Account::address),
        Optional.ofNullable(options.get("region")),
        Optional.ofNullable(options.get("profile")),
        flag(options.getOrDefault("anonymous", "false")));
  }

  private static URI address(String text) {
    URI address = null;
    try {
      address = URI.create(text);
    } catch (IllegalArgumentException wrong) {
      // Reported below.
    }
    if (address == null || address.getScheme() == null || address.getHost() == null) {
      throw new IllegalArgumentException(
          "the endpoint must be a URL such as http://127.0.0.1:9000: " + text);
    }
    return address;
  }

  private static boolean flag(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true", "1", "yes" -> true;
      case "false", "0", "no" -> false;
      default ->
          throw new IllegalArgumentException("option 'anonymous' must be true or false: " + text);
    };
  }

  /// A client, which asks nothing yet.
  ///
  /// @throws IllegalArgumentException if the profile is unknown, or what stands in it wrong
  S3Client connect() {
    Optional<Profile> said = profileInUse();
    Optional<URI> server =
        endpoint
            .or(() -> variable("AWS_ENDPOINT_URL_S3").map(S3Account::address))
            .or(() -> variable("AWS_ENDPOINT_URL").map(S3Account::address))
            .or(() -> said.flatMap(each -> each.property("endpoint_url")).map(S3Account::address));
    S3ClientBuilder builder =
        S3Client.builder()
            .httpClientBuilder(
                UrlConnectionHttpClient.builder()
                    .connectionTimeout(CONNECT_PATIENCE)
                    .socketTimeout(READ_PATIENCE))
            .credentialsProvider(credentials())
            .region(region(said))
            // Which other servers often do not understand.
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED);
    if (server.isPresent()) {
      // Other servers seldom have a host for each bucket.
      builder.endpointOverride(server.get()).forcePathStyle(true);
    } else {
      builder.crossRegionAccessEnabled(true);
    }
    return builder.build();
  }

  private Optional<Profile> profileInUse() {
    ProfileFile files = ProfileFile.defaultProfileFile();
    if (profile.isPresent()) {
      Optional<Profile> found = files.profile(profile.get());
      if (found.isEmpty()) {
        throw new IllegalArgumentException("there is no profile '" + profile.get() + "'");
      }
      return found;
    }
    return files.profile(variable("AWS_PROFILE").orElse("default"));
  }

  private AwsCredentialsProvider credentials() {
    if (anonymous) {
      return AnonymousCredentialsProvider.create();
    }
    DefaultCredentialsProvider.Builder builder = DefaultCredentialsProvider.builder();
    profile.ifPresent(builder::profileName);
    return builder.build();
  }

  private Region region(Optional<Profile> said) {
    return region
        .or(() -> variable("AWS_REGION"))
        .or(() -> variable("AWS_DEFAULT_REGION"))
        .or(() -> said.flatMap(each -> each.property("region")))
        .map(Region::of)
        .orElse(FIRST_REGION);
  }

  private static Optional<String> variable(String name) {
    return Optional.ofNullable(System.getenv(name)).filter(value -> !value.isBlank());
  }
}
