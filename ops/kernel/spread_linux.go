package kernel

import (
	"runtime"
	"unsafe"

	"golang.org/x/sys/unix"
)

// processor returns the number of the processor on which the caller runs, or -1.
func processor() int {
	var number uint32
	if _, _, err := unix.RawSyscall(unix.SYS_GETCPU, uintptr(unsafe.Pointer(&number)), 0, 0); err != 0 {
		return -1
	}
	return int(number)
}

// leave moves the caller's thread from a processor to another one that it may use, if there is one. Linux in a virtual machine often wakes a thread on the processor of
// the one that wakes it, since it does not know that the others are idle, and takes several milliseconds to divide the two: longer than a prediction.
// ONNX Runtime ties its threads to processors instead, which slows down two programs on one machine. Errors do not matter: nothing moves then.
func leave(busy int) {
	if processor() != busy {
		return
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var all unix.CPUSet
	if unix.SchedGetaffinity(0, &all) != nil || all.Count() < 2 || processor() != busy {
		return
	}
	others := all
	others.Clear(busy)
	if unix.SchedSetaffinity(0, &others) == nil {
		_ = unix.SchedSetaffinity(0, &all)
	}
}

// yield lets a thread that was woken on the caller's processor run, so that it can leave. If there is none, it takes half a microsecond.
func yield() { _, _, _ = unix.RawSyscall(unix.SYS_SCHED_YIELD, 0, 0, 0) }
