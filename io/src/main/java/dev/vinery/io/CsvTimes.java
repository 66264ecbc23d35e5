package dev.vinery.io;

import java.time.LocalDate;

/// Dates and times of ISO 8601 without a zone, as nanoseconds since 1970: `2024-05-01`, and behind
/// a blank or a `T` `12:30`, `12:30:15` or `12:30:15.123456789`. Confined to one thread: it
/// remembers the day it read last, which often comes again.
final class CsvTimes {
  private static final int DATE_BYTES = 10;
  private static final int MINUTES_BYTES = 16;
  private static final int SECONDS_BYTES = 19;
  private static final int NANO_DIGITS = 9;
  private static final long NANOS_PER_SECOND = 1_000_000_000;
  private static final long SECONDS_PER_DAY = 86_400;

  /// Days whose nanoseconds fit into 63 bits, with a day to spare: of the years 1677 to 2262.
  private static final long MAX_DAYS = Long.MAX_VALUE / NANOS_PER_SECOND / SECONDS_PER_DAY - 1;

  private int lastYear = Integer.MIN_VALUE;
  private int lastMonth;
  private int lastDay;
  private long lastDays;

  /// @return [CsvNumbers#GIVEN_UP] if it is none
  long nanos(byte[] bytes, int start, int end) {
    int length = end - start;
    if (length < DATE_BYTES || bytes[start + 4] != '-' || bytes[start + 7] != '-') {
      return CsvNumbers.GIVEN_UP;
    }
    long days =
        days(
            100 * pair(bytes, start) + pair(bytes, start + 2),
            pair(bytes, start + 5),
            pair(bytes, start + 8));
    if (days == CsvNumbers.GIVEN_UP) {
      return days;
    }
    if (length == DATE_BYTES) {
      return days * SECONDS_PER_DAY * NANOS_PER_SECOND;
    }
    return withTime(days, bytes, start, end);
  }

  private static long withTime(long days, byte[] bytes, int start, int end) {
    int length = end - start;
    boolean separated = bytes[start + DATE_BYTES] == ' ' || bytes[start + DATE_BYTES] == 'T';
    if (!separated || length < MINUTES_BYTES || bytes[start + 13] != ':') {
      return CsvNumbers.GIVEN_UP;
    }
    int hours = pair(bytes, start + 11);
    int minutes = pair(bytes, start + 14);
    int seconds = 0;
    long nanos = 0;
    if (length > MINUTES_BYTES) {
      if (length < SECONDS_BYTES || bytes[start + MINUTES_BYTES] != ':') {
        return CsvNumbers.GIVEN_UP;
      }
      seconds = pair(bytes, start + 17);
      nanos = length == SECONDS_BYTES ? 0 : fraction(bytes, start + SECONDS_BYTES, end);
    }
    boolean exists =
        hours >= 0 && hours < 24 && minutes >= 0 && minutes < 60 && seconds >= 0 && seconds < 60;
    if (!exists || nanos < 0) {
      return CsvNumbers.GIVEN_UP;
    }
    long second = days * SECONDS_PER_DAY + hours * 3600L + minutes * 60L + seconds;
    return second * NANOS_PER_SECOND + nanos;
  }

  /// Nanoseconds of a point and up to nine digits; negative if it is something else.
  private static long fraction(byte[] bytes, int start, int end) {
    int digits = end - start - 1;
    if (bytes[start] != '.' || digits < 1 || digits > NANO_DIGITS) {
      return -1;
    }
    long value = CsvNumbers.quickWhole(bytes, start + 1, end);
    if (value < 0) {
      return -1;
    }
    for (int i = digits; i < NANO_DIGITS; i++) {
      value *= 10;
    }
    return value;
  }

  /// Two digits; far below zero if they are none.
  private static int pair(byte[] bytes, int at) {
    int tens = bytes[at] - '0';
    int ones = bytes[at + 1] - '0';
    return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? 10 * tens + ones : -100_000;
  }

  private long days(int year, int month, int day) {
    if (year == lastYear && month == lastMonth && day == lastDay) {
      return lastDays;
    }
    boolean plausible = year >= 0 && month >= 1 && month <= 12 && day >= 1 && day <= 31;
    if (!plausible || day > LocalDate.of(year, month, 1).lengthOfMonth()) {
      return CsvNumbers.GIVEN_UP;
    }
    long days = LocalDate.of(year, month, day).toEpochDay();
    if (Math.abs(days) > MAX_DAYS) {
      return CsvNumbers.GIVEN_UP;
    }
    lastYear = year;
    lastMonth = month;
    lastDay = day;
    lastDays = days;
    return days;
  }
}
