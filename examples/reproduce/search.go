package main

import (
	"compress/gzip"
	"encoding/json"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/pkg/errors"
)

// search is a kept results file of a search, and a copy of it without its first and its last trial, which the program computes again.
type search struct {
	path, copied string
	lines        []string
	missing      int
}

// compressed ends the names of results files that are kept compressed.
const compressed = ".gz"

// copySearches copies a results file, or all files below a folder, without compression. Other kinds of files are left out.
func copySearches(from, to string) (all []*search, err error) {
	err = filepath.WalkDir(from, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(strings.TrimSuffix(path, compressed)) != ".jsonl" {
			return err
		}
		rel, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		target := strings.TrimSuffix(filepath.Join(to, rel), compressed)
		if err := os.MkdirAll(filepath.Dir(target), 0o777); err != nil {
			return err
		}
		s, err := copySearch(path, target)
		all = append(all, s)
		return err
	})
	return all, errors.Wrap(err, "results")
}

// copySearch copies one file: its header, and its trials but the first and the last.
func copySearch(from, to string) (*search, error) {
	text, err := readResults(from)
	if err != nil {
		return nil, err
	}
	s := &search{path: from, copied: to, lines: linesOf(text)}
	if len(s.lines) < 2 {
		return nil, errors.Errorf("%s: no trials", from)
	}
	kept := slices.Delete(slices.Clone(s.lines), 1, 2)
	if len(kept) > 1 {
		kept = kept[:len(kept)-1]
	}
	s.missing = len(s.lines) - len(kept)
	return s, os.WriteFile(to, []byte(strings.Join(kept, "\n")+"\n"), 0o666)
}

func readResults(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if !strings.HasSuffix(path, compressed) {
		return io.ReadAll(f)
	}
	r, err := gzip.NewReader(f)
	if err != nil {
		return nil, errors.Wrap(err, path)
	}
	text, err := io.ReadAll(r)
	return text, errors.Wrap(err, path)
}

// compare returns an error unless the copy has the same trials as the kept file, in any order.
func (s *search) compare() error {
	text, err := os.ReadFile(s.copied)
	if err != nil {
		return err
	}
	got, want := resultsOf(linesOf(text)), resultsOf(s.lines)
	for i, line := range want {
		if i >= len(got) || got[i] != line {
			return errors.Errorf("%s: computed again, a trial is not the one that is kept: %.300s", s.path, line)
		}
	}
	if len(got) != len(want) {
		return errors.Errorf("%s: %d trials more than are kept", s.path, len(got)-len(want))
	}
	return nil
}

// resultsOf returns the lines in order of the alphabet, without the names of the data and of the processor, which files of before lack.
func resultsOf(lines []string) []string {
	all := make([]string, len(lines))
	for i, line := range lines {
		all[i] = line
		var fields map[string]json.RawMessage
		if json.Unmarshal([]byte(line), &fields) != nil {
			continue
		}
		delete(fields, "data")
		delete(fields, "cpu")
		if text, err := json.Marshal(fields); err == nil {
			all[i] = string(text)
		}
	}
	slices.Sort(all)
	return all
}

func linesOf(text []byte) []string { return strings.Split(strings.TrimRight(string(text), "\n"), "\n") }
