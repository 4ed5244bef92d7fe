//go:build !unix

package main

import "time"

var started = time.Now()

// processorTime stands for the processor time of this process where that is not known: the time since its start.
func processorTime() time.Duration { return time.Since(started) }
