package memory

import "golang.org/x/sys/unix"

// physical returns the bytes of memory of the machine, or 0 if they are not known.
func physical() uint64 {
	var info unix.Sysinfo_t
	if unix.Sysinfo(&info) != nil {
		return 0
	}
	return uint64(info.Totalram) * uint64(info.Unit) // fields that have 32 bits on some systems
}
