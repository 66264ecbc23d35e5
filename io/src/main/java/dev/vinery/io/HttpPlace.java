package dev.vinery.io;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;

/// Files of web servers. A file can be read from the middle if the server tells its length and
/// takes ranges. Safe for use by several threads.
final class HttpPlace implements Place {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final int OK = 200;
  private static final int PARTIAL = 206;

  /// Made when first needed: it takes its time to begin.
  private static final class OfProcess {
    private static final HttpClient CLIENT =
        HttpClient.newBuilder()
            .connectTimeout(PATIENCE)
            .followRedirects(HttpClient.Redirect.NORMAL)
            .build();
  }

  private final String scheme;

  /// @param scheme `http` or `https`
  HttpPlace(String scheme) {
    this.scheme = scheme;
  }

  @Override
  public String scheme() {
    return scheme;
  }

  /// {@inheritDoc}
  ///
  /// A web server has no patterns: a location is one file.
  @Override
  public List<StoredFile> find(Location location) throws IOException {
    String url = location.toString();
    HttpRequest head;
    try {
      head =
          HttpRequest.newBuilder(URI.create(url))
              .method("HEAD", HttpRequest.BodyPublishers.noBody())
              .timeout(PATIENCE)
              .build();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(url + ": it is no URL: " + e.getMessage(), e);
    }
    HttpResponse<Void> answer = send(head, BodyHandlers.discarding());
    require(OK, answer, url);
    long length = answer.headers().firstValueAsLong("Content-Length").orElse(StoredFile.UNKNOWN);
    boolean ranges =
        answer.headers().firstValue("Accept-Ranges").filter("bytes"::equals).isPresent();
    return List.of(new StoredFile(url, length, ranges && length >= 0));
  }

  @Override
  public InputStream read(StoredFile file, long offset) throws IOException {
    if (offset > 0 && offset >= file.sizeBytes()) {
      return InputStream.nullInputStream();
    }
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(file.name())).timeout(PATIENCE);
    if (offset > 0) {
      request.header("Range", "bytes=" + offset + "-");
    }
    HttpResponse<InputStream> answer = send(request.build(), BodyHandlers.ofInputStream());
    try {
      require(offset > 0 ? PARTIAL : OK, answer, file.name());
    } catch (IOException e) {
      answer.body().close();
      throw e;
    }
    return answer.body();
  }

  private static <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> body)
      throws IOException {
    try {
      return OfProcess.CLIENT.send(request, body);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(request.uri() + ": interrupted", e);
    } catch (IOException e) {
      throw Failures.in(request.uri().toString(), e);
    }
  }

  private static void require(int status, HttpResponse<?> answer, String url) throws IOException {
    if (answer.statusCode() != status) {
      throw new IOException("%s: the server answers %d".formatted(url, answer.statusCode()));
    }
  }

  @Override
  public NewFile create(String name) {
    throw new UnsupportedOperationException(
        scheme + "://" + name + ": files of web servers can only be read");
  }
}
