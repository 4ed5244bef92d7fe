package search

import (
	"path"
	"regexp"
	"strings"
)

// stack matches the beginning of a goroutine's stack in the text of an error, as train.Fit returns it for a panic.
var stack = regexp.MustCompile(`\n+goroutine \d+ \[`)

// frame matches a line of a stack with the place of a call.
var frame = regexp.MustCompile(`^\t(.+\.(go|s):\d+)( \+0x[0-9a-f]+)?$`)

// failure is the text of an error for results files and tables. It replaces a stack by the place of the panic, so that the same failure
// always has the same text.
func failure(err error) string {
	text := err.Error()
	at := stack.FindStringIndex(text)
	if at == nil {
		return text
	}
	return text[:at[0]] + site(strings.Split(text[at[0]:], "\n"))
}

// site returns where the last panic of a stack happened: the first frame after it that is not the runtime's.
func site(lines []string) (found string) {
	panicked := false
	for i := 0; i+1 < len(lines); i++ {
		place := frame.FindStringSubmatch(lines[i+1])
		switch {
		case strings.HasPrefix(lines[i], "panic("):
			panicked = true
		case panicked && place != nil && !strings.HasPrefix(lines[i], "runtime."):
			call := lines[i][:max(0, strings.LastIndexByte(lines[i], '('))] // without the arguments
			found, panicked = " ("+path.Base(call)+", "+path.Base(place[1])+")", false
		}
	}
	return found
}
