// Package trials holds the flags by which programs with searches run parts of their trials, in arrays of a cluster or for Apache Beam, and merge
// the results.
package trials
