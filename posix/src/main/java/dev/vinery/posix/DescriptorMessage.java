package dev.vinery.posix;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;

/// The message that carries a descriptor from process to process: one data byte and, as control
/// data, an array of descriptors, here laid out in a thread's [Scratch].
///
/// ```
///   0  struct msghdr   name* 0, namelen 8, iov* 16, iovlen 24, control* 32, controllen 40, flags 48
///  56  struct iovec    base* 0, len 8
///  72  the data byte, and 7 unused
///  80  struct cmsghdr  len 0 (8 bytes), level 8, type 12, followed by descriptors of 4 bytes
/// ```
final class DescriptorMessage {
  private static final long NAME = 0;
  private static final long NAME_LENGTH = 8;
  private static final long VECTOR = 16;
  private static final long VECTOR_COUNT = 24;
  private static final long CONTROL = 32;
  private static final long CONTROL_LENGTH = 40;
  private static final long FLAGS = 48;

  private static final long VECTOR_START = 56;
  private static final long DATA_START = VECTOR_START + 16;

  private static final long CONTROL_START = DATA_START + 8;
  private static final long CONTROL_LEVEL = CONTROL_START + 8;
  private static final long CONTROL_TYPE = CONTROL_START + 12;
  private static final long DESCRIPTORS_START = CONTROL_START + 16;
  private static final long CONTROL_HEADER_BYTES = 16;

  /// How many descriptors are taken in. One is expected; the others are taken to be closed. What
  /// does not fit, the kernel closes.
  private static final int DESCRIPTORS_MAX = 8;

  private static final int SOL_SOCKET = 1; // asm-generic/socket.h
  private static final int SCM_RIGHTS = 1; // linux/socket.h
  private static final int MSG_CTRUNC = 0x8;

  private final MemorySegment memory = Scratch.ofThread().arguments();

  private DescriptorMessage(long controlLength) {
    long base = memory.address();
    memory.fill((byte) 0);
    memory.set(JAVA_LONG, NAME, 0);
    memory.set(JAVA_INT, NAME_LENGTH, 0);
    memory.set(JAVA_LONG, VECTOR, base + VECTOR_START);
    memory.set(JAVA_LONG, VECTOR_COUNT, 1);
    memory.set(JAVA_LONG, CONTROL, base + CONTROL_START);
    memory.set(JAVA_LONG, CONTROL_LENGTH, controlLength);
    memory.set(JAVA_LONG, VECTOR_START, base + DATA_START);
    memory.set(JAVA_LONG, VECTOR_START + 8, 1);
  }

  /// A message that carries one descriptor away.
  static DescriptorMessage carrying(int descriptor) {
    var message = new DescriptorMessage(CONTROL_HEADER_BYTES + Long.BYTES); // padded to a long
    message.memory.set(JAVA_BYTE, DATA_START, (byte) 0);
    message.memory.set(JAVA_LONG, CONTROL_START, CONTROL_HEADER_BYTES + Integer.BYTES);
    message.memory.set(JAVA_INT, CONTROL_LEVEL, SOL_SOCKET);
    message.memory.set(JAVA_INT, CONTROL_TYPE, SCM_RIGHTS);
    message.memory.set(JAVA_INT, DESCRIPTORS_START, descriptor);
    return message;
  }

  /// A message to be filled by `recvmsg`.
  static DescriptorMessage empty() {
    return new DescriptorMessage(CONTROL_HEADER_BYTES + (long) DESCRIPTORS_MAX * Integer.BYTES);
  }

  /// The pointer to the `struct msghdr`.
  long address() {
    return memory.address();
  }

  /// The one descriptor that came, which is the caller's from now on.
  ///
  /// @throws PosixException with `EBADMSG` if none or several came; these are closed
  int descriptor() throws PosixException {
    int count = descriptorCount();
    boolean truncated = (memory.get(JAVA_INT, FLAGS) & MSG_CTRUNC) != 0;
    if (count == 1 && !truncated) {
      return memory.get(JAVA_INT, DESCRIPTORS_START);
    }
    var surplus = new int[count]; // copied, since closing them uses the scratch memory
    MemorySegment.copy(memory, JAVA_INT, DESCRIPTORS_START, surplus, 0, count);
    for (int fd : surplus) {
      Descriptor.close(fd);
    }
    String came = truncated ? "more than " + DESCRIPTORS_MAX : Integer.toString(count);
    throw new PosixException("recvmsg of one descriptor, " + came + " came,", Errno.EBADMSG);
  }

  private int descriptorCount() {
    boolean rights =
        memory.get(JAVA_LONG, CONTROL_LENGTH) >= CONTROL_HEADER_BYTES
            && memory.get(JAVA_INT, CONTROL_LEVEL) == SOL_SOCKET
            && memory.get(JAVA_INT, CONTROL_TYPE) == SCM_RIGHTS;
    if (!rights) {
      return 0;
    }
    return (int) ((memory.get(JAVA_LONG, CONTROL_START) - CONTROL_HEADER_BYTES) / Integer.BYTES);
  }
}
