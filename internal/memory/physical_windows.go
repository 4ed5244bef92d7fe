package memory

import (
	"unsafe"

	"golang.org/x/sys/windows"
)

// physical returns the bytes of memory of the machine, or 0 if they are not known.
func physical() uint64 {
	// MEMORYSTATUSEX of the Windows API.
	var status struct {
		length, load                                      uint32
		totalPhysical, availablePhysical                  uint64
		totalPage, availablePage, totalVirtual, available uint64
		extended                                          uint64
	}
	status.length = uint32(unsafe.Sizeof(status))
	ok, _, _ := windows.NewLazySystemDLL("kernel32.dll").NewProc("GlobalMemoryStatusEx").Call(uintptr(unsafe.Pointer(&status)))
	if ok == 0 {
		return 0
	}
	return status.totalPhysical
}
