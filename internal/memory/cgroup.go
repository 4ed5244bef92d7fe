package memory

import (
	"bufio"
	"bytes"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
)

// least returns the least memory limit of control groups, and the file that says so, or 0 if there is none. Each group is also bound by
// those above it. root is the root of the file system.
func least(root fs.FS, groups []group) (limit uint64, source string) {
	for _, g := range groups {
		for dir := g.dir; ; dir = path.Dir(dir) {
			text, err := fs.ReadFile(root, path.Join(dir, g.file))
			if err == nil {
				// "max" is no number, and version 1 writes a number beyond any memory.
				if n, err := strconv.ParseUint(strings.TrimSpace(string(text)), 10, 64); err == nil && n < 1<<60 && (limit == 0 || n < limit) {
					limit, source = n, "the control group (/"+path.Join(dir, g.file)+")"
				}
			}
			if dir == g.mount || dir == "." {
				break
			}
		}
	}
	return limit, source
}

// group is a control group: the folder where its hierarchy is mounted, its own folder, and the name of the file with the limit.
type group struct{ mount, dir, file string }

// groups returns the groups of the process that limit its memory, of version 1 or 2.
func groups(root fs.FS) (found []group) {
	paths := map[string]string{} // by file: the path of the group
	eachLine(root, "proc/self/cgroup", func(line string) {
		parts := strings.SplitN(line, ":", 3) // such as 0::/user.slice or 4:memory:/docker/0123
		switch {
		case len(parts) < 3:
		case parts[0] == "0" && parts[1] == "":
			paths[file2] = parts[2]
		case slices.Contains(strings.Split(parts[1], ","), "memory"):
			paths[file1] = parts[2]
		}
	})
	eachLine(root, "proc/self/mountinfo", func(line string) {
		mount, filesystem, ok := strings.Cut(line, " - ")
		fields, kind := strings.Fields(mount), strings.Fields(filesystem)
		if !ok || len(fields) < 5 || len(kind) < 3 {
			return
		}
		file := ""
		switch {
		case kind[0] == "cgroup2":
			file = file2
		case kind[0] == "cgroup" && slices.Contains(strings.Split(kind[2], ","), "memory"):
			file = file1
		}
		own, ok := paths[file]
		if !ok {
			return
		}
		g := group{mount: strings.TrimPrefix(path.Clean(fields[4]), "/"), file: file}
		g.dir = g.mount
		// In a container, the mount may show only the group of the container, whose path the process sees from outside.
		if below, ok := strings.CutPrefix(own, strings.TrimSuffix(fields[3], "/")); ok && !strings.Contains(own, "..") {
			g.dir = path.Join(g.mount, below)
		}
		found = append(found, g)
	})
	return found
}

// The files with the limits of versions 1 and 2.
const (
	file1 = "memory.limit_in_bytes"
	file2 = "memory.max"
)

func eachLine(root fs.FS, name string, f func(line string)) {
	text, err := fs.ReadFile(root, name)
	if err != nil {
		return
	}
	for s := bufio.NewScanner(bytes.NewReader(text)); s.Scan(); {
		f(s.Text())
	}
}
