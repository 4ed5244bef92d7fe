package report

import (
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/selfnorm/selfnorm/train/callback"
)

// withoutFolders returns the run with the Folders left out of all texts.
func (r Run) withoutFolders() Run {
	f := newFolders(r.Folders)
	if f == nil {
		return r
	}
	all := func(texts []string) []string {
		out := make([]string, len(texts))
		for i, s := range texts {
			out[i] = f.leaveOut(s)
		}
		return out
	}
	warnings := func(h *callback.History) *callback.History {
		if h == nil {
			return nil
		}
		c := *h
		c.Warnings = all(h.Warnings)
		return &c
	}
	r.Title, r.Model, r.Failure, r.Stage, r.Validation = f.leaveOut(r.Title), f.leaveOut(r.Model), f.leaveOut(r.Failure),
		f.leaveOut(r.Stage), f.leaveOut(r.Validation)
	r.Notes, r.Networks, r.History = all(r.Notes), all(r.Networks), warnings(r.History)
	r.Config, r.Results, r.Finished = slices.Clone(r.Config), slices.Clone(r.Results), slices.Clone(r.Finished)
	for i, s := range r.Config {
		r.Config[i] = Setting{f.leaveOut(s.Name), f.leaveOut(s.Value)}
	}
	for i := range r.Results {
		r.Results[i].Name = f.leaveOut(r.Results[i].Name)
	}
	for i, n := range r.Finished {
		r.Finished[i].Name, r.Finished[i].History = f.leaveOut(n.Name), warnings(n.History)
	}
	return r
}

// folders finds paths of folders in texts: of files in them, and of the folders themselves.
type folders struct{ files, themselves *regexp.Regexp }

// newFolders returns nil without folders.
func newFolders(paths []string) *folders {
	var names []string
	paths = slices.Clone(paths)
	slices.SortFunc(paths, func(a, b string) int { return len(b) - len(a) }) // of two that begin alike the longer one
	for _, f := range paths {
		if f = strings.TrimRight(filepath.Clean(f), `/\`); len(f) > 1 && f != ".." {
			names = append(names, regexp.QuoteMeta(f))
		}
	}
	if names == nil {
		return nil
	}
	name := `(^|[^\pL\pN_./\\-])(` + strings.Join(names, "|") + `)`
	return &folders{regexp.MustCompile(name + `[/\\]+`), regexp.MustCompile(name + `(\.?$|\.?[^\pL\pN_./\\-])`)}
}

// leaveOut turns /home/me/data.csv into data.csv, and the folder alone into its last name.
func (f *folders) leaveOut(text string) string {
	return f.themselves.ReplaceAllStringFunc(f.files.ReplaceAllString(text, "$1"), func(found string) string {
		m := f.themselves.FindStringSubmatch(found)
		return m[1] + filepath.Base(m[2]) + m[3]
	})
}
