// Package formats reads the plain file formats that data sets come in. Every error names the file, and the line where
// there is one.
package formats

import (
	"bufio"
	"compress/gzip"
	"io"

	"github.com/pkg/errors"

	"github.com/selfnorm/selfnorm/internal/pipe"
)

// File is an open text file, decompressed on the way if it is compressed.
type File struct {
	Path string // the name of the file in errors
	file io.Closer
	zip  *gzip.Reader
	r    io.Reader
}

// Open opens a plain or a gzip file, or a pipe that somebody writes to. The first two bytes decide which of the two it is, not the name.
func Open(path string) (*File, error) {
	file, err := pipe.Open(path)
	if err != nil {
		return nil, errors.WithStack(err) // names the path already
	}
	if info, err := file.Stat(); err == nil && info.IsDir() {
		file.Close()
		return nil, errors.Errorf("%s: is a folder", path)
	}
	f, err := New(path, file)
	if err != nil {
		file.Close()
		return nil, err
	}
	f.file = file
	return f, nil
}

// New reads a plain or a gzip file from r; name stands for it in errors. Close does not close r.
func New(name string, r io.Reader) (*File, error) {
	if r == nil {
		return nil, errors.Errorf("%s: nothing to read from", name)
	}
	f := &File{Path: name}
	var err error
	if f.r, f.zip, err = plain(r); err != nil {
		return nil, errors.Wrap(err, name)
	}
	return f, nil
}

// plain returns a reader of the decompressed text.
func plain(r io.Reader) (io.Reader, *gzip.Reader, error) {
	buffered := bufio.NewReaderSize(r, 1<<16)
	magic, err := buffered.Peek(2)
	if err != nil && err != io.EOF {
		return nil, nil, err
	}
	if len(magic) < 2 || magic[0] != 0x1f || magic[1] != 0x8b {
		return buffered, nil, nil
	}
	zip, err := gzip.NewReader(buffered)
	if err != nil {
		return nil, nil, errors.Wrap(cutShort(err), "gzip")
	}
	return zip, zip, nil
}

// Read reads text. A file that ends before its compressed data does, or whose checksum is wrong, is an error.
func (f *File) Read(b []byte) (int, error) {
	if f == nil || f.r == nil {
		return 0, errors.New("no open file")
	}
	n, err := f.r.Read(b)
	if err != nil && err != io.EOF {
		if f.zip != nil {
			err = errors.Wrap(cutShort(err), "gzip")
		}
		return n, errors.Wrap(err, f.Path)
	}
	return n, err
}

// cutShort names the reason for an end of the file inside compressed data.
func cutShort(err error) error {
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		return errors.New("the file is cut short")
	}
	return err
}

// Close closes the file that Open opened.
func (f *File) Close() error {
	if f == nil || f.file == nil {
		return nil
	}
	return f.file.Close()
}
