package answers

import (
	"context"
	"io"
	"os"
	"strconv"
	"sync/atomic"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets/parquet"
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
	rows *parquet.Reader // of a Parquet file
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

// Parquet returns the rows of a Parquet file, or nil for another one.
func (in *Input) Parquet() (*parquet.Reader, error) {
	magic := make([]byte, len(parquet.Magic))
	if in.size < 0 {
		return nil, nil
	}
	if _, err := in.file.ReadAt(magic, 0); err != nil || string(magic) != parquet.Magic {
		return nil, nil // whatever is wrong shows in reading
	}
	var err error
	in.rows, err = parquet.New(in.Name, in.file, in.size)
	return in.rows, err
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
	switch {
	case in.size <= 0:
		return 0
	case in.rows != nil:
		return float64(in.rows.Row()) / float64(max(1, in.rows.Rows()))
	}
	return float64(in.read.Load()) / float64(in.size)
}

// facts identify the input. The checksum of what was read of it stands beside them.
func (in *Input) facts() []stream.Fact {
	return []stream.Fact{{Name: "input", Value: in.Name}, {Name: "size of the input in bytes", Value: strconv.FormatInt(in.size, 10)}}
}
