//go:build gc && !purego && !cuda

package vm

import (
	"path"
	"reflect"
	"runtime"
	"strings"
	"unsafe"

	G "gorgonia.org/gorgonia"
)

// RunAll of Gorgonia's tape machine locks its goroutine to a thread, for the sake of GPUs, and runs the instructions on a goroutine of
// their own. So each run wakes two threads, which takes longer than a step of a small network, and a panic of an op ends the process.
// A machine here calls the loop over the instructions itself, on the goroutine that asks for it.

// instructions is that loop. It sends an error to errs, or an empty struct to done.
//
//go:linkname instructions gorgonia.org/gorgonia.(*tapeMachine).runall
func instructions(m unsafe.Pointer, errs chan error, done chan struct{})

// The declaration of the loop in the version whose signature is written above. Elsewhere machines call RunAll.
const (
	declaredIn     = "gorgonia.org/gorgonia@v0.9.18/vm_tape.go"
	declaredOnLine = 251
)

var known = declared(reflect.ValueOf(instructions).Pointer(), declaredIn, declaredOnLine)

// declared reports whether the function that starts at pc is declared on a line of a file of a module, or of a vendored copy of it.
func declared(pc uintptr, in string, on int) bool {
	f := runtime.FuncForPC(pc)
	if f == nil {
		return false
	}
	file, line := f.FileLine(f.Entry())
	module, _, _ := strings.Cut(in, "@")
	vendored := path.Join("vendor", module, path.Base(in))
	return line == on && (strings.HasSuffix(file, "/"+in) || file == in || strings.HasSuffix(file, "/"+vendored) || file == vendored)
}

// runner returns what runs all instructions of a tape machine once.
func runner(m G.VM) func() error {
	batched, ok := m.(interface{ WorkAvailable() <-chan bool })
	if !known || !ok || batched.WorkAvailable() != nil { // a BLAS that batches its calls expects RunAll to listen
		return m.RunAll
	}
	pointer, errs, done := reflect.ValueOf(m).UnsafePointer(), make(chan error, 1), make(chan struct{}, 1)
	return func() error {
		instructions(pointer, errs, done)
		select {
		case err := <-errs:
			return err
		case <-done:
			return nil
		}
	}
}
