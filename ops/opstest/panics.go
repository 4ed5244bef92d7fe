package opstest

import (
	"path/filepath"
	"runtime/debug"
	"strings"
)

// panicText describes a recovered panic: its value and the line of code it comes from. Call it in the function that recovers.
func panicText(r any) string { return describePanic(describe(r), string(debug.Stack())) }

func describe(r any) string {
	if err, ok := r.(error); ok {
		return err.Error()
	}
	return strings.TrimSpace(faultf("%v", r).line)
}

// describePanic joins the first line of a panic's value with the place found in the stack, or in the value, if it holds a stack itself.
func describePanic(value, stack string) string {
	line, _, _ := strings.Cut(value, "\n")
	if where := origin(value + "\n" + stack); where != "" {
		line += " (" + where + ")"
	}
	return line
}

// origin returns the file and line of the code that panicked: the first frame after the call of panic that is not of the runtime.
func origin(stack string) string {
	lines := strings.Split(stack, "\n")
	panicked := false
	for i, line := range lines {
		switch {
		case strings.HasPrefix(line, "panic("):
			panicked = true
		case !panicked || strings.HasPrefix(line, "\t") || strings.HasPrefix(line, "runtime.") || strings.HasPrefix(line, "created by"):
		case i+1 < len(lines) && strings.HasPrefix(lines[i+1], "\t"):
			file, _, _ := strings.Cut(strings.TrimSpace(lines[i+1]), " ")
			return filepath.Base(file)
		}
	}
	return ""
}

// panicOf finds the panic in the error of an op, which the op has recovered.
func panicOf(err error) (text string, ok bool) {
	before, after, ok := strings.Cut(err.Error(), "panic: ")
	if !ok || strings.Contains(before, "\n") {
		return "", false
	}
	return describePanic(after, ""), true
}

// place is the end of the description of a panic, which names a line of code.
func place(text string) string { return text[strings.LastIndex(text, "(")+1:] }
