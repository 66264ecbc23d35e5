package dev.vinery.conformance;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A server of S3 that checks signatures, in a process of its own.
///
/// @param address as a URL
/// @param key which may do everything
/// @param secret that belongs to it
/// @param bucket which is empty at first
record SignedStore(Process process, String address, String key, String secret, String bucket)
    implements AutoCloseable {
  /// Starts the server and waits until it serves.
  static SignedStore start(Path log) throws IOException {
    var builder =
        new ProcessBuilder(
                PythonProcess.interpreter(), Path.of("interop", "s3_server.py").toString())
            .redirectError(log.toFile());
    builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
    Process process = builder.start();
    List<String> said = new ArrayList<>();
    BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
    while (said.size() < 4) {
      String line = lines.readLine();
      if (line == null) {
        process.destroy();
        throw new IOException("the server of S3 has ended, see " + log);
      }
      said.add(line);
    }
    return new SignedStore(process, said.get(0), said.get(1), said.get(2), said.get(3));
  }

  @Override
  public void close() {
    process.destroy();
    process.onExit().join();
  }
}
