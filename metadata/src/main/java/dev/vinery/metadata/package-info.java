/// TODO
package dev.vinery.metadata;
