// Command armloops counts the instructions of the inner loops of the matrix products on arm64, from the disassembly, as nothing here can time
// them: go -C tools run ./armloops [ROOT]. It prints the table of docs/performance.md.
package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// routine is a function with a loop over k.
type routine struct {
	name, symbol string
	lanes, most  int // of its multiply-adds, and of a vector
}

var routines = []routine{
	{"tiles, float32", "panelF32NEON", 4, 4},
	{"tiles, float64", "panelF64NEON", 2, 2},
	{"few rows, float32", "streamF32NEON", 4, 4},
	{"few rows, float64", "streamF64NEON", 2, 2},
	{"plain Go, float32", `tile2x4\[go\.shape\.float32\]`, 1, 4},
	{"plain Go, float64", `tile2x4\[go\.shape\.float64\]`, 1, 2},
}

func main() {
	root := ".."
	if len(os.Args) > 1 {
		root = os.Args[1]
	}
	if err := run(root); err != nil {
		fmt.Fprintln(os.Stderr, "armloops:", err)
		os.Exit(1)
	}
}

func run(root string) error {
	binary, err := build(root)
	if err != nil {
		return err
	}
	defer os.RemoveAll(filepath.Dir(binary))
	fmt.Println("| loop | multiply-adds | instructions | per multiply-add | FMLA | vectors loaded per FMLA | loads per FMLA | four pipes | two | one |")
	fmt.Println("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
	loops := map[string][]loop{}
	for _, r := range routines {
		code, err := disassemble(binary, r.symbol)
		if err != nil {
			return err
		}
		found := innermost(code)
		if len(found) == 0 {
			return fmt.Errorf("%s: no loop", r.symbol)
		}
		loops[r.name] = found
		for i, l := range longest(found) {
			fmt.Println(l.row(r, i))
		}
	}
	return compare(loops)
}

// build compiles a program that has the kernels.
func build(root string) (binary string, err error) {
	dir, err := os.MkdirTemp("", "armloops")
	if err != nil {
		return "", err
	}
	binary = filepath.Join(dir, "kernel.test")
	c := exec.Command("go", "test", "-c", "-o", binary, "./ops/kernel")
	c.Dir, c.Stderr = root, os.Stderr
	c.Env = append(os.Environ(), "GOOS=linux", "GOARCH=arm64", "CGO_ENABLED=0")
	return binary, c.Run()
}

// disassemble returns the instructions of the function whose name matches, and of the wrapper that Go gives to assembly.
func disassemble(binary, symbol string) ([]instruction, error) {
	c := exec.Command("go", "tool", "objdump", "-s", `kernel\.`+symbol+`(\.abi0)?$`, binary)
	c.Stderr = os.Stderr
	out, err := c.Output()
	if err != nil {
		return nil, err
	}
	var code []instruction
	for line := range bytes.Lines(out) {
		f := strings.Fields(string(line)) // file:line, address, word, text
		if len(f) < 4 || f[0] == "TEXT" {
			continue
		}
		var i instruction
		if _, err := fmt.Sscanf(f[1]+" "+f[2], "0x%x %x", &i.address, &i.word); err != nil {
			return nil, fmt.Errorf("%q: %w", line, err)
		}
		code = append(code, i)
	}
	return code, nil
}

// compare prints how many instructions the inner loops of a product need.
func compare(loops map[string][]loop) error {
	const m, n, k = 128, 1024, 1024
	of := func(name string, multiplyAdds int) (loop, error) {
		for _, l := range loops[name] {
			if l.multiplyAdds == multiplyAdds {
				return l, nil
			}
		}
		return loop{}, fmt.Errorf("%s: no loop of %d multiply-adds", name, multiplyAdds)
	}
	// 22 tiles of rows: 18 of 6 and 4 of 5; 64 panels of 16 columns; 4 k at a time.
	six, err := of("tiles, float32", 6*4*4)
	if err != nil {
		return err
	}
	five, err := of("tiles, float32", 5*4*4)
	if err != nil {
		return err
	}
	vectors := (18*six.instructions + 4*five.instructions) * (n / 16) * (k / 4)
	// Tiles of 2 x 4, one k at a time.
	pure, err := of("plain Go, float32", 8)
	if err != nil {
		return err
	}
	plain := pure.instructions * (m / 2) * (n / 4) * k
	fmt.Printf("\n%d x %d x %d, float32, instructions of the inner loops in millions: NEON %.1f, plain Go %.1f, ratio %.1f.\n",
		m, n, k, float64(vectors)/1e6, float64(plain)/1e6, float64(plain)/float64(vectors))
	return nil
}
