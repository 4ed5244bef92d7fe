//go:build !unix

package main

import "time"

// cpuTime is the time since the start, where the system does not say how long the process has computed.
func cpuTime() time.Duration { return time.Since(start) }
