package main

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/graphs"
)

// twin holds the files of processes that were left alone: of a job, and of its other content.
type twin struct {
	job        job
	dir, other string
}

func (w twin) make(ctx context.Context) error {
	if err := os.MkdirAll(w.dir, 0o755); err != nil {
		return err
	}
	if _, err := runFor(ctx, w.job.name, w.dir, 1<<62); err != nil {
		return err
	}
	if w.job.other == nil {
		return nil
	}
	if err := os.MkdirAll(w.other, 0o755); err != nil {
		return err
	}
	return w.job.other(ctx, w.other)
}

// compare returns the differences of a folder to the twin's, where a job has ended.
func (w twin) compare(dir string) (differences []string) {
	for _, name := range w.job.files {
		if d := sameFile(filepath.Join(w.dir, name), filepath.Join(dir, name)); d != "" {
			differences = append(differences, d)
		}
	}
	for _, path := range leftovers(dir) {
		differences = append(differences, path+" was left behind")
	}
	return differences
}

// inspect looks at a folder after a kill: every file in it must be whole. writing reports whether the process was writing one.
func (w twin) inspect(dir string) (writing bool, differences []string) {
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil || d.IsDir():
			return err
		case isTemporary(path):
			writing = true
		case w.job.other != nil && slices.Contains(w.job.files, d.Name()):
			a, b := sameFile(filepath.Join(w.dir, d.Name()), path), sameFile(filepath.Join(w.other, d.Name()), path)
			if a != "" && b != "" {
				differences = append(differences, a+" and "+b)
			}
		case filepath.Ext(path) == ".safetensors":
			if _, err := graphs.LoadAll(path); err != nil {
				differences = append(differences, err.Error())
			}
		}
		return nil
	})
	if err != nil {
		differences = append(differences, err.Error())
	}
	return writing, differences
}

// sameFile returns what differs between a file and the twin's, or nothing.
func sameFile(want, path string) string {
	a, err := content(want)
	if err != nil {
		return err.Error()
	}
	b, err := content(path)
	if err != nil {
		return err.Error()
	}
	if bytes.Equal(a, b) {
		return ""
	}
	at := 0
	for at < len(a) && at < len(b) && a[at] == b[at] {
		at++
	}
	return fmt.Sprintf("%s differs from %s from byte %d on (%d and %d bytes)", path, want, at, len(b), len(a))
}

// seconds matches the times in logs.
var seconds = regexp.MustCompile(`("seconds":|(?m)^\d+,\d+,)[-+.e0-9]+`)

// content returns a file without what may differ: the times in logs, and the order in which trials of a search ended.
func content(path string) ([]byte, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, errors.WithStack(err)
	}
	switch {
	case strings.HasPrefix(filepath.Base(path), "log."):
		return seconds.ReplaceAll(text, []byte("${1}0")), nil
	case filepath.Base(path) == "results.jsonl":
		return []byte(strings.Join(slices.Sorted(strings.Lines(string(text))), "")), nil
	}
	return text, nil
}

// leftovers are the temporary files and locks in a folder.
func leftovers(dir string) (paths []string) {
	filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && (isTemporary(path) || filepath.Ext(path) == ".lock") {
			paths = append(paths, path)
		}
		return nil
	})
	return paths
}

func isTemporary(path string) bool {
	return strings.HasPrefix(filepath.Base(path), ".") && filepath.Ext(path) == ".tmp"
}
