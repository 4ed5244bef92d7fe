// Command licences prints the licences of the modules that a Go module's programs and tests consist of, as a Markdown table. It ends with
// exit code 1 if it does not recognize one. Package licensecheck recognizes them, as it does for pkg.go.dev.
//
//	go -C tools run ./licences .. > docs/licences.md
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/google/licensecheck"
)

func main() {
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

func run(args []string, stdout, stderr io.Writer) int {
	if len(args) != 1 {
		fmt.Fprintln(stderr, "usage: licences FOLDER")
		return 2
	}
	if err := list(args[0], stdout); err != nil {
		fmt.Fprintln(stderr, "licences:", err)
		return 1
	}
	return 0
}

// module is a module as go list -json describes it.
type module struct {
	Path, Version, Dir string
	Main               bool
}

const head = `# Licences

The modules that the packages and programs of this project consist of, on Linux, and those of its tests. ` + "`.ci/run lint`" + ` fails if this
list is out of date; ` + "`go -C tools run ./licences .. > docs/licences.md`" + ` writes it. Tools for development (tools/go.mod) and data sets,
whose origin stands beside them, are not in it. Several names mean several parts or a choice, as the module says: golang/freetype is
FTL or GPL-2.0, whichever you choose.

| module | version | licence | part of |
| --- | --- | --- | --- |
`

func list(dir string, w io.Writer) error {
	programs, err := modules(dir)
	if err != nil {
		return err
	}
	all, err := modules(dir, "-test")
	if err != nil {
		return err
	}
	var b bytes.Buffer
	b.WriteString(head)
	for _, path := range slices.Sorted(maps.Keys(all)) {
		names, err := licences(all[path].Dir)
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		part := "programs"
		if _, ok := programs[path]; !ok {
			part = "tests"
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", path, all[path].Version, strings.Join(names, ", "), part)
	}
	_, err = w.Write(b.Bytes())
	return err
}

// modules returns the modules of all packages that those in a folder depend on, by path.
func modules(dir string, flags ...string) (map[string]module, error) {
	cmd := exec.Command("go", append(append([]string{"list", "-deps", "-json=Module"}, flags...), "./...")...)
	cmd.Dir, cmd.Stderr = dir, os.Stderr
	cmd.Env = append(os.Environ(), "GOOS=linux", "GOARCH=amd64", "CGO_ENABLED=0", "GOFLAGS=-mod=readonly", "GOWORK=off")
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w", err)
	}
	found := map[string]module{}
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p struct{ Module *module }
		if err := d.Decode(&p); err == io.EOF {
			return found, nil
		} else if err != nil {
			return nil, err
		}
		if p.Module != nil && !p.Module.Main {
			found[p.Module.Path] = *p.Module
		}
	}
}

var licenceFile = regexp.MustCompile(`(?i)^(un)?licen[sc]e|^copying`)

// licences returns the SPDX names of the licences of a module, from its folder or else the folder "licenses" in it.
func licences(dir string) ([]string, error) {
	for _, pattern := range []string{"*", "licenses/*"} {
		paths, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil {
			return nil, err
		}
		found := map[string]bool{}
		for _, path := range paths {
			if pattern == "*" && !licenceFile.MatchString(filepath.Base(path)) {
				continue
			}
			if info, err := os.Stat(path); err != nil || info.IsDir() {
				continue
			}
			text, err := os.ReadFile(path)
			if err != nil {
				return nil, err
			}
			for _, m := range licensecheck.Scan(text).Match {
				found[m.ID] = true
			}
		}
		if len(found) > 0 {
			return slices.Sorted(maps.Keys(found)), nil
		}
	}
	return nil, fmt.Errorf("no licence is recognized in %s", dir)
}
