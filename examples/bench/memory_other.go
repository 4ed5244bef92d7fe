//go:build !linux

package main

// peakMemory returns the largest resident memory of the process so far.
func peakMemory() string { return unknownMemory }
