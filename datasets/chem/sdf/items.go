package sdf

import (
	"bytes"
	"fmt"
)

func blank(lines [][]byte) bool {
	for _, line := range lines {
		if len(bytes.TrimSpace(line)) > 0 {
			return false
		}
	}
	return true
}

// afterMolfile is the index of the first line behind M  END, or of the first data item if that line is missing.
func afterMolfile(lines [][]byte) int {
	for k, line := range lines {
		if bytes.HasPrefix(line, []byte("M  END")) {
			return k + 1
		}
	}
	for k, line := range lines {
		if _, ok := itemName(line); ok {
			return k
		}
	}
	return len(lines)
}

// dataItems reads the items "> <name>", value lines, blank line. first is the number of lines[0] in the file.
func dataItems(lines [][]byte, first int) (map[string]string, error) {
	items := map[string]string{}
	for k := 0; k < len(lines); k++ {
		name, ok := itemName(lines[k])
		if !ok {
			continue
		}
		if len(items) == maxItems {
			return items, &FormatError{Line: first + k, Msg: fmt.Sprintf("the record has more than %d data items, the limit", maxItems)}
		}
		begin := k + 1
		for k+1 < len(lines) && len(bytes.TrimSpace(lines[k+1])) > 0 {
			k++
		}
		items[name] = string(bytes.Join(lines[begin:k+1], []byte("\n")))
	}
	return items, nil
}

// itemName is the name in the header line of a data item.
func itemName(line []byte) (string, bool) {
	if len(line) == 0 || line[0] != '>' {
		return "", false
	}
	begin := bytes.IndexByte(line, '<')
	end := bytes.LastIndexByte(line, '>')
	if begin < 0 || end < begin+2 {
		return "", false
	}
	return string(line[begin+1 : end]), true
}
