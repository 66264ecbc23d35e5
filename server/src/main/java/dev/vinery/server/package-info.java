/// TODO
package dev.vinery.server;
