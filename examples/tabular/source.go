package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"io"
	"os"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets/csv"
	"github.com/selfnorm/selfnorm/examples/internal/program"
	"github.com/selfnorm/selfnorm/examples/internal/training"
	"github.com/selfnorm/selfnorm/internal/pipe"
)

// tableFile is the file of a table, or the standard input, while it is read.
type tableFile struct {
	io.Reader
	name string
	file *os.File  // nil for the standard input
	sum  hash.Hash // of what has been read
}

// openTable opens the file of a flag. Reading ends with an error when the context does.
func openTable(ctx context.Context, path string) (*tableFile, error) {
	t := &tableFile{name: standardInputName, sum: sha256.New()}
	from := stdin
	if path != standardInput {
		var err error
		if t.file, err = pipe.Open(path); err != nil {
			return nil, errors.WithStack(err)
		}
		if info, err := t.file.Stat(); err == nil && info.IsDir() {
			t.close()
			return nil, errors.Errorf("%s: is a folder", path)
		}
		t.name, from = path, t.file
	}
	t.Reader = io.TeeReader(program.Interruptible(ctx, from), t.sum)
	return t, nil
}

func (t *tableFile) close() {
	if t.file != nil {
		t.file.Close()
	}
}

// source identifies the table for the file of the networks.
func (p *problem) source(o *options) training.Source {
	s := training.Source{Data: o.title(), SHA256: p.checksum, Targets: p.set.Tasks}
	for _, c := range p.table.Columns() {
		if c.Kind != csv.Ignored && c.Name != o.table.ID {
			s.Columns = append(s.Columns, c.Name+" ("+string(c.Kind)+")")
		}
	}
	return s
}

// checksum is the checksum of what was read, in hexadecimal digits.
func (t *tableFile) checksum() string { return hex.EncodeToString(t.sum.Sum(nil)) }
