package dev.vinery.benchmarks;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.SplittableRandom;

/// Writes CSV with the columns of New York's taxi trips, the same at every run. Confined to one
/// thread.
final class TripsFile {
  static final int COLUMNS = 17;

  private static final String HEADER =
      "VendorID,tpep_pickup_datetime,tpep_dropoff_datetime,passenger_count,trip_distance,"
          + "RatecodeID,store_and_fwd_flag,PULocationID,DOLocationID,payment_type,fare_amount,"
          + "extra,mta_tax,tip_amount,tolls_amount,improvement_surcharge,total_amount\n";
  private static final long SEED = 2019;
  private static final int BUFFER_BYTES = 1 << 20;
  private static final int SECONDS_PER_DAY = 86_400;
  private static final int DAYS = 28;
  private static final int LONGEST_TRIP_SECONDS = 5_400;
  private static final int ZONES = 265;

  private final SplittableRandom random = new SplittableRandom(SEED);
  private final StringBuilder row = new StringBuilder();

  private TripsFile() {}

  /// Makes sure that there is a file of this length, less a row at most.
  static Path of(Path directory, long sizeBytes) throws IOException {
    Path file = directory.resolve("trips-" + sizeBytes + ".csv");
    if (Files.exists(file)) {
      return file;
    }
    Path partial = Files.createTempFile(directory, "trips-", ".part");
    try (OutputStream out =
        new BufferedOutputStream(Files.newOutputStream(partial), BUFFER_BYTES)) {
      new TripsFile().write(out, sizeBytes);
    }
    return Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
  }

  private void write(OutputStream out, long sizeBytes) throws IOException {
    byte[] bytes = HEADER.getBytes(StandardCharsets.US_ASCII);
    long written = 0;
    while (written + bytes.length <= sizeBytes) {
      out.write(bytes);
      written += bytes.length;
      bytes = row().getBytes(StandardCharsets.US_ASCII);
    }
  }

  private String row() {
    row.setLength(0);
    int pickup = random.nextInt(DAYS * SECONDS_PER_DAY);
    int fare = 250 + random.nextInt(6_000);
    int tip = random.nextInt(3) == 0 ? 0 : random.nextInt(1_200);
    int tolls = random.nextInt(20) == 0 ? 576 : 0;
    row.append(1 + random.nextInt(2)).append(',');
    time(pickup).append(',');
    time(pickup + 60 + random.nextInt(LONGEST_TRIP_SECONDS)).append(',');
    row.append(1 + random.nextInt(6)).append(',');
    hundredths(10 + random.nextInt(2_000)).append(',');
    row.append(random.nextInt(40) == 0 ? 2 : 1).append(',');
    row.append(random.nextInt(100) == 0 ? 'Y' : 'N').append(',');
    row.append(1 + random.nextInt(ZONES)).append(',');
    row.append(1 + random.nextInt(ZONES)).append(',');
    row.append(1 + random.nextInt(4)).append(',');
    hundredths(fare).append(",0.5,0.5,");
    hundredths(tip).append(',');
    hundredths(tolls).append(",0.3,");
    return hundredths(fare + tip + tolls + 130).append('\n').toString();
  }

  /// @param seconds since the first of the month
  private StringBuilder time(int seconds) {
    row.append("2019-01-");
    two(1 + seconds / SECONDS_PER_DAY).append(' ');
    int ofDay = seconds % SECONDS_PER_DAY;
    two(ofDay / 3600).append(':');
    two(ofDay / 60 % 60).append(':');
    return two(ofDay % 60);
  }

  private StringBuilder two(int number) {
    return row.append((char) ('0' + number / 10)).append((char) ('0' + number % 10));
  }

  private StringBuilder hundredths(int number) {
    row.append(number / 100).append('.');
    return two(number % 100);
  }
}
