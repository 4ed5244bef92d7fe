package kernel

import (
	"runtime"
	"testing"

	"golang.org/x/sys/unix"
)

// A thread leaves the processor that is named, stays on any other, and may use the same ones as before.
func TestLeave(t *testing.T) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var before, after unix.CPUSet
	if err := unix.SchedGetaffinity(0, &before); err != nil {
		t.Fatal(err)
	}
	moved := 0
	for range 100 {
		from := processor()
		leave(from)
		if processor() != from {
			moved++
		}
		leave(-1)
	}
	if before.Count() > 1 && moved == 0 {
		t.Error("it stays in 100 attempts")
	}
	if err := unix.SchedGetaffinity(0, &after); err != nil || after != before {
		t.Errorf("processors %v (%v), before %v", after, err, before)
	}
	if before.Count() < 2 {
		t.Skip("one processor only")
	}
	one := before
	for cpu := range 1024 {
		if before.IsSet(cpu) {
			one.Zero()
			one.Set(cpu)
			break
		}
	}
	defer func() { _ = unix.SchedSetaffinity(0, &before) }()
	if err := unix.SchedSetaffinity(0, &one); err != nil {
		t.Fatal(err)
	}
	there := processor()
	leave(there) // it may use no other
	if processor() != there {
		t.Errorf("on processor %d, which it may not use", processor())
	}
}
