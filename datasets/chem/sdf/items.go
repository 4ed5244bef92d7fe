package sdf

import "bytes"

// dataItems reads the items "> <name>", value lines, blank line.
func dataItems(lines [][]byte) map[string]string {
	items := map[string]string{}
	for k := 0; k < len(lines); k++ {
		name := itemName(lines[k])
		if name == "" {
			continue
		}
		begin := k + 1
		for k+1 < len(lines) && len(bytes.TrimSpace(lines[k+1])) > 0 {
			k++
		}
		items[name] = string(bytes.Join(lines[begin:k+1], []byte("\n")))
	}
	return items
}

// itemName is the name in the header line of a data item, empty for any other line.
func itemName(line []byte) string {
	if len(line) == 0 || line[0] != '>' {
		return ""
	}
	begin := bytes.IndexByte(line, '<')
	end := bytes.LastIndexByte(line, '>')
	if begin < 0 || end < begin {
		return ""
	}
	return string(line[begin+1 : end])
}
