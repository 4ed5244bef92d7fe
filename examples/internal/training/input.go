package training

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"sync/atomic"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/examples/internal/program"
	"github.com/selfnorm/selfnorm/internal/pipe"
	"github.com/selfnorm/selfnorm/train/predict/stream"
)

// Input is the file of -predict, or the standard input. It counts what has been read.
type Input struct {
	// Name stands for the input in messages.
	Name string

	from io.Reader
	file *os.File // nil for the standard input
	size int64    // of a file that can be read again, or -1
	read atomic.Int64
}

// OpenInput opens the file of -predict. Reading ends with an error when the context does.
func OpenInput(ctx context.Context, path string) (*Input, error) {
	file, err := pipe.Open(path)
	if err != nil {
		return nil, errors.WithStack(err)
	}
	info, err := file.Stat()
	switch {
	case err == nil && info.IsDir():
		err = errors.Errorf("%s: is a folder", path)
	case err == nil:
		in := &Input{Name: path, from: program.Interruptible(ctx, file), file: file, size: -1}
		if info.Mode().IsRegular() {
			in.size = info.Size()
		}
		return in, nil
	}
	file.Close()
	return nil, err
}

// StandardInput returns the standard input.
func StandardInput(ctx context.Context, name string, r io.Reader) *Input {
	return &Input{Name: name, from: program.Interruptible(ctx, r), size: -1}
}

// Read implements io.Reader.
func (in *Input) Read(b []byte) (int, error) {
	n, err := in.from.Read(b)
	in.read.Add(int64(n))
	return n, err
}

// File returns the open file, or nil for what is no regular file.
func (in *Input) File() *os.File {
	if in.size < 0 {
		return nil
	}
	return in.file
}

// Close closes the file.
func (in *Input) Close() {
	if in != nil && in.file != nil {
		in.file.Close()
	}
}

// again reports whether a later process can read the same input.
func (in *Input) again() bool { return in.size >= 0 }

// fraction is the part that has been read.
func (in *Input) fraction() float64 {
	if in.size <= 0 {
		return 0
	}
	return float64(in.read.Load()) / float64(in.size)
}

// facts identify the input. The checksum of what was read of it stands beside them.
func (in *Input) facts() ([]stream.Fact, error) {
	path, err := filepath.Abs(in.Name)
	if err != nil {
		return nil, errors.WithStack(err)
	}
	return []stream.Fact{{Name: "input", Value: path}, {Name: "size of the input in bytes", Value: strconv.FormatInt(in.size, 10)}}, nil
}
