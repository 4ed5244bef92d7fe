package pipelines

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/apache/beam/sdks/v2/go/pkg/beam"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/io/filesystem"
	"github.com/pkg/errors"
)

// Screening predicts files with a program that has -predict and -shard.
type Screening struct {
	// Command is the program with its flags, without -model, -predict, -shard and -out.
	Command []string
	// Model is the file of the networks, Inputs is a pattern of files, and Dir is a folder for the answers. All may be in an object store.
	Model, Inputs, Dir string
	// Parts is the number of parts that each file is divided into.
	Parts int
	// Workers is the number of processes on each worker of Beam; 0 means one for each core.
	Workers int
	Stderr  io.Writer
}

// Run predicts the parts that have no answers yet. It returns an error if some cannot be predicted, after all others.
func (s *Screening) Run(ctx context.Context) error {
	files, err := Glob(ctx, s.Inputs)
	switch {
	case err != nil:
		return err
	case len(files) == 0:
		return errors.Errorf("%s: there are no such files", s.Inputs)
	case s.Parts < 1:
		return errors.Errorf("%d parts, want at least 1", s.Parts)
	}
	if err := s.sameRun(ctx, files); err != nil {
		return err
	}
	parts, total, err := s.open(ctx, files)
	if err != nil {
		return err
	}
	if parts != "" {
		file := Join(s.Dir, "parts-"+sumOf([]byte(parts))+".txt")
		if err := Write(ctx, file, strings.NewReader(parts)); err != nil {
			return err
		}
		fmt.Fprintf(s.Stderr, "%d of %d parts of %d files\n", strings.Count(parts, "\n"), total, len(files))
		if err := Run(ctx, func(scope beam.Scope) { Screen(scope, file, s.Command, s.Model, s.Dir, s.Workers) }); err != nil {
			return err
		}
		if err := s.report(ctx); err != nil {
			return err
		}
	}
	rest, _, err := s.open(ctx, files)
	if err != nil {
		return err
	}
	if n := strings.Count(rest, "\n"); n > 0 {
		return errors.Errorf("%d of %d parts failed: see %s; the same command tries them again", n, total, Join(s.Dir, "*"+FailedSuffix))
	}
	return nil
}

// report counts the rows that are answered.
func (s *Screening) report(ctx context.Context) error {
	files, err := Glob(ctx, Join(s.Dir, "*"+tallySuffix))
	if err != nil {
		return err
	}
	var all tally
	for _, f := range files {
		text, err := read(ctx, f)
		if err != nil {
			return err
		}
		var one tally
		if err := json.Unmarshal(text, &one); err != nil {
			return errors.Wrap(err, f)
		}
		all.Rows, all.Bad = all.Rows+one.Rows, all.Bad+one.Bad
	}
	fmt.Fprintf(s.Stderr, "%d rows, %d of them cannot be read, see the column error\n", all.Rows, all.Bad)
	return nil
}

// open returns the lines of the parts without answers, and the number of all parts.
func (s *Screening) open(ctx context.Context, files []string) (lines string, total int, err error) {
	answered, err := Glob(ctx, Join(s.Dir, "*.csv"))
	if err != nil {
		return "", 0, err
	}
	known := map[string]bool{}
	for _, f := range answered {
		known[base(f)] = true
	}
	var b strings.Builder
	for line := range strings.Lines(Parts(files, s.Parts)) {
		total++
		name, err := partName(strings.TrimSuffix(line, "\n"))
		if err != nil {
			return "", 0, err
		}
		if !known[name+".csv"] {
			b.WriteString(line)
		}
	}
	return b.String(), total, nil
}

// manifest identifies the run whose answers are in a folder.
type manifest struct {
	Command []string         `json:"command"`
	Model   string           `json:"model"`
	Size    int64            `json:"size_of_model"`
	Parts   int              `json:"parts"`
	Files   map[string]int64 `json:"files"` // with their sizes
}

// manifestName is that of a manifest in its folder.
const manifestName = "screening.json"

// sameRun returns an error for a folder with the answers of another run.
func (s *Screening) sameRun(ctx context.Context, files []string) error {
	m := manifest{Command: s.Command, Model: s.Model, Parts: s.Parts, Files: map[string]int64{}}
	var err error
	if m.Size, err = size(ctx, s.Model); err != nil {
		return err
	}
	names := map[string]bool{}
	for _, f := range files {
		if names[base(f)] || strings.Contains(f, "\t") {
			return errors.Errorf("%s: want files of different names, without tabs", f)
		}
		names[base(f)] = true
		if m.Files[f], err = size(ctx, f); err != nil {
			return err
		}
	}
	text, err := json.MarshalIndent(m, "", "\t")
	if err != nil {
		return errors.WithStack(err)
	}
	path := Join(s.Dir, manifestName)
	there, err := Glob(ctx, path)
	if err != nil {
		return err
	}
	if len(there) == 0 {
		return Write(ctx, path, bytes.NewReader(text))
	}
	old, err := read(ctx, path)
	if err != nil {
		return err
	}
	if !bytes.Equal(old, text) {
		return errors.Errorf("%s is that of another run: other flags, model, files or parts; name another folder", path)
	}
	return nil
}

func size(ctx context.Context, path string) (int64, error) {
	fs, err := filesystem.New(ctx, path)
	if err != nil {
		return 0, errors.WithStack(err)
	}
	defer fs.Close()
	n, err := fs.Size(ctx, path)
	return n, errors.Wrap(err, path)
}

func read(ctx context.Context, path string) ([]byte, error) {
	fs, err := filesystem.New(ctx, path)
	if err != nil {
		return nil, errors.WithStack(err)
	}
	defer fs.Close()
	r, err := fs.OpenRead(ctx, path)
	if err != nil {
		return nil, errors.Wrap(err, path)
	}
	defer r.Close()
	text, err := io.ReadAll(r)
	return text, errors.Wrap(err, path)
}
