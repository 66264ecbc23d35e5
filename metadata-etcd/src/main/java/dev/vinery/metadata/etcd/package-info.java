/// The metadata store over etcd's version 3 protocol, by jetcd. Begin with
/// [dev.vinery.metadata.etcd.EtcdMetadataStore].
package dev.vinery.metadata.etcd;
