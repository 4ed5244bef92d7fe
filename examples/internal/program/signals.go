package program

import (
	"context"
	"os"
	"os/signal"
	"sync/atomic"
	"syscall"
	"time"
)

// grace is the time after a signal in which further ones belong to it: timeout(1) sends its signal to the process and again to its group,
// and a terminal that is closed sends SIGHUP as well as its shell.
var grace = 100 * time.Millisecond

// hangups receives when SIGHUP means something else than the end of the program.
var hangups atomic.Pointer[chan struct{}]

// Hangups makes SIGHUP no longer end the program, as is usual for services. It is sent to the channel instead, once for several that come
// together.
func Hangups() <-chan struct{} {
	c := make(chan struct{}, 1)
	hangups.Store(&c)
	return c
}

// hungUp reports whether a signal is a SIGHUP that Hangups has asked for, and sends it.
func hungUp(s os.Signal) bool {
	c := hangups.Load()
	if c == nil || s != syscall.SIGHUP {
		return false
	}
	select {
	case *c <- struct{}{}:
	default:
	}
	return true
}

// untilSignal returns a context that the signals interrupt (^C), SIGTERM and SIGHUP cancel, after a call of first. A second signal ends the process at
// once with the exit code 128 and the number of the signal. SIGHUP stays ignored if it is, as under nohup(1).
//
// SIGPIPE no longer ends the process. Without that, Go ends it when a pipe of the standard output breaks.
func untilSignal(parent context.Context, first func(os.Signal)) context.Context {
	ctx, cancel := context.WithCancel(parent)
	signals := make(chan os.Signal, 16)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	if !signal.Ignored(syscall.SIGHUP) {
		signal.Notify(signals, syscall.SIGHUP)
	}
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE)
	go func() {
		s := <-signals
		for hungUp(s) {
			s = <-signals
		}
		began := time.Now()
		cancel()
		first(s)
		for s := range signals {
			if time.Since(began) >= grace && !hungUp(s) {
				code := 1
				if number, ok := s.(syscall.Signal); ok {
					code = 128 + int(number)
				}
				os.Exit(code)
			}
		}
	}()
	return ctx
}
