package opstest

import (
	"fmt"
	"strings"
)

// fault is a finding of a check.
type fault struct {
	line    string   // what, which input, where, and a guess at the cause
	details []string // further elements, or a stack
	cause   string   // what faults have in common of which the first is enough, such as the place of a panic
	refused bool     // the op returned an error, which is right for shapes and values that it does not take
}

func faultf(format string, args ...any) *fault {
	line, rest, _ := strings.Cut(fmt.Sprintf(format, args...), "\n")
	f := &fault{line: line}
	if rest = strings.TrimSpace(rest); rest != "" {
		f.details = strings.Split(rest, "\n")
	}
	return f
}

// because gives the fault a cause.
func (f *fault) because(cause string) *fault {
	f.cause = cause
	return f
}

// detail adds a line below the first.
func (f *fault) detail(format string, args ...any) {
	f.details = append(f.details, fmt.Sprintf(format, args...))
}

// when says under which circumstances the fault shows.
func (f *fault) when(format string, args ...any) *fault {
	if f != nil {
		text := fmt.Sprintf(format, args...)
		if !strings.ContainsAny(text[:1], ":;,") {
			text = " " + text
		}
		f.line += text
	}
	return f
}

// text is the failure: the op and the fault in its first line.
func (f *fault) text(name string) string {
	const most = 4
	var b strings.Builder
	if b.WriteString(f.line); !strings.HasPrefix(f.line, name+":") {
		b.Reset()
		b.WriteString(name + ": " + f.line)
	}
	for i, d := range f.details {
		if i == most && len(f.details) > most+1 {
			fmt.Fprintf(&b, "\n    ... and %d more", len(f.details)-most)
			break
		}
		b.WriteString("\n    " + d)
	}
	return b.String()
}
