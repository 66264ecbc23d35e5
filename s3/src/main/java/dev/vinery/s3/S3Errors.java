package dev.vinery.s3;

import java.io.IOException;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/// What people are told when a server refuses, or cannot be asked.
final class S3Errors {
  private static final int FORBIDDEN = 403;
  private static final int NOT_FOUND = 404;
  private static final int OTHER_VERSION = 412;

  private S3Errors() {}

  /// @param name of what was asked for
  static IOException in(S3Name name, SdkException e) {
    return new IOException(name + ": " + reason(e), e);
  }

  private static String reason(SdkException e) {
    if (!(e instanceof S3Exception answer)) {
      return String.valueOf(e.getMessage()).lines().findFirst().orElse("no reason was given");
    }
    String said = said(answer.awsErrorDetails());
    return switch (answer.statusCode()) {
      case FORBIDDEN -> "permission denied" + said;
      case NOT_FOUND -> "there is no such bucket or object" + said;
      case OTHER_VERSION -> "it was changed while it was read";
      default -> "the server answers " + answer.statusCode() + said;
    };
  }

  /// Answers to some requests have no text.
  private static String said(@org.jspecify.annotations.Nullable AwsErrorDetails details) {
    return details == null || details.errorMessage() == null ? "" : ": " + details.errorMessage();
  }
}
