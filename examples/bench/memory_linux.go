package main

import (
	"os"
	"regexp"
)

// peakMemory returns the largest resident memory of the process so far.
func peakMemory() string {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return unknownMemory
	}
	m := regexp.MustCompile(`VmHWM:\s*(.*)`).FindSubmatch(status)
	if m == nil {
		return unknownMemory
	}
	return string(m[1])
}
