//go:build !gc || purego || cuda

package vm

import G "gorgonia.org/gorgonia"

// runner returns what runs all instructions of a tape machine once.
func runner(m G.VM) func() error { return m.RunAll }
