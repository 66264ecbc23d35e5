/// A metadata store that the daemons of a cluster share, in etcd.
@org.jspecify.annotations.NullMarked
module dev.vinery.metadata.etcd {
  requires static com.google.errorprone.annotations;
  requires static org.jspecify;
  requires transitive dev.vinery.metadata;
  requires jetcd.common;
  requires jetcd.core;

  exports dev.vinery.metadata.etcd;

  provides dev.vinery.metadata.MetadataBackend with
      dev.vinery.metadata.etcd.EtcdBackend;
}
