//go:build unix

package main

import (
	"syscall"
	"time"
)

// cpuTime is the time that the threads of this process have computed. Unlike that of a clock, it hardly depends on what else the machine does.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return time.Since(start)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
