/// TODO
package dev.vinery.client;
