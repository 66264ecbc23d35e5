package dev.vinery.arrow;

import dev.vinery.client.Client;
import dev.vinery.client.Registration;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/// Where Arrow's memory comes from. Safe for use by several threads.
public final class ArrowMemory {
  /// The allocator of this process, made when first needed: Arrow takes its time to begin.
  private static final class OfProcess {
    private static final BufferAllocator ROOT = new RootAllocator();
  }

  private ArrowMemory() {}

  /// What vectors that were got are accounted to, unless [#accountTo] says otherwise. They hold
  /// shared memory and none of this allocator; vectors that were forgotten stay in its account.
  /// Nobody closes it.
  public static BufferAllocator views() {
    return OfProcess.ROOT;
  }

  /// An allocator whose memory is shared with the daemon of `client`, each buffer a blob. Vectors
  /// that are built with it are put through this client without a copy, except for
  ///
  /// - offsets of 32 bits, since 64 are stored: use large strings, binaries and lists;
  /// - the bits of what is missing, if anything is, and buffers that begin within a blob.
  ///
  /// A vector that has been put must not be written any more. That is so after a put that failed,
  /// too; its memory is given back when it is closed. Buffers are exactly as long as asked for, so
  /// give the capacity beforehand. An allocation that finds no room throws Arrow's
  /// `OutOfMemoryException`.
  ///
  /// One is enough for a client: of several, only vectors of the last one are put without a copy.
  ///
  /// @return an allocator, which the caller closes after its vectors and before the client
  public static BufferAllocator allocator(Client client) {
    var blobs = new BlobAllocations(client);
    var drafts = new VectorDrafts(blobs);
    client.register(new ArrowBuilders.OfVector(drafts));
    client.register(new ArrowBuilders.OfChunks(drafts));
    client.register(new ArrowBuilders.OfBatch(drafts));
    client.register(new ArrowBuilders.OfTable(drafts));
    return new RootAllocator(
        RootAllocator.configBuilder()
            .allocationManagerFactory(blobs)
            .roundingPolicy(sizeBytes -> sizeBytes)
            .build());
  }

  /// Accounts the vectors that `client` gets from now on to an allocator, which then closes without
  /// complaint only after them.
  public static Registration accountTo(Client client, BufferAllocator allocator) {
    Supplier<BufferAllocator> memory = () -> allocator;
    List<Registration> registrations =
        Stream.concat(ArrayResolvers.all(memory), TableResolvers.all(memory))
            .map(client::register)
            .toList();
    return () -> registrations.forEach(Registration::close);
  }
}
