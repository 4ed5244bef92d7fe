package tensorfile

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"os"
	"strings"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/nn"
	"gorgonia.org/tensor"
)

// Read reads a file that Write has written. For any other content the error has the cause ErrDamaged, ErrForeign or ErrVersion and names
// the file. A file of another program is rejected after reading its header, however large the file is.
func Read(path string) (f File, err error) {
	err = open(path, func(r io.Reader, size int64) (err error) {
		f, err = decode(r, size)
		return err
	})
	return f, err
}

// ReadRaw reads the tensors and the metadata of a safetensors file written by any program. The errors are those of Read.
func ReadRaw(path string) (tensors []Raw, metadata map[string]string, err error) {
	err = open(path, func(r io.Reader, size int64) error {
		tensors, metadata, err = readRaw(r, size)
		return err
	})
	return tensors, metadata, err
}

// DecodeRaw is ReadRaw for bytes in memory, without the name of a file in its errors.
func DecodeRaw(raw []byte) (tensors []Raw, metadata map[string]string, err error) {
	return readRaw(bytes.NewReader(raw), int64(len(raw)))
}

func readRaw(r io.Reader, size int64) ([]Raw, map[string]string, error) {
	h, err := readHead(r, size)
	if err == nil {
		err = h.fill(r)
	}
	if err != nil {
		return nil, nil, err
	}
	return h.tensors, h.metadata, nil
}

func open(path string, read func(r io.Reader, size int64) error) error {
	f, err := os.Open(path)
	if err != nil {
		return errors.WithStack(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return errors.WithStack(err)
	}
	if !info.Mode().IsRegular() {
		return errors.Errorf("read %s: not a regular file", path)
	}
	return errors.Wrap(read(f, info.Size()), path)
}

// Decode is Read for bytes in memory, without the name of a file in its errors.
func Decode(raw []byte) (File, error) { return decode(bytes.NewReader(raw), int64(len(raw))) }

func decode(r io.Reader, size int64) (File, error) {
	h, err := readHead(r, size)
	if err != nil {
		return File{}, err
	}
	switch got := h.metadata[formatKey]; got {
	case version1, version2:
	case "":
		return File{}, errors.Wrapf(ErrForeign, "a safetensors file without %s in its metadata", formatKey)
	default:
		return File{}, errors.Wrapf(ErrVersion, "version %q, this program reads %q and %q", got, version1, version2)
	}
	for _, t := range h.tensors {
		if err := t.checkDType(); err != nil {
			return File{}, errors.Wrapf(ErrDamaged, "tensor %q: %v", t.Name, err)
		}
	}
	if err := h.fill(r); err != nil {
		return File{}, err
	}
	if sum(h.metadata, h.tensors) != h.metadata[checksumKey] {
		return File{}, errors.Wrap(ErrDamaged, "the checksum is wrong")
	}
	f, err := h.file()
	if err != nil {
		return File{}, errors.Wrapf(ErrDamaged, "%v", err)
	}
	return f, nil
}

// file separates the parameters and the blocks from the other tensors.
func (h head) file() (File, error) {
	tensors := make(map[string]*tensor.Dense, len(h.tensors))
	f := File{Metadata: maps.Clone(h.metadata), Tensors: tensors}
	for _, t := range h.tensors {
		var err error
		if tensors[t.Name], err = t.Dense(); err != nil {
			return f, errors.Wrapf(err, "tensor %q", t.Name)
		}
	}
	if err := f.takeParams(f.Metadata[paramsKey]); err != nil {
		return f, err
	}
	for _, key := range []string{formatKey, versionKey, paramsKey, checksumKey} {
		delete(f.Metadata, key)
	}
	return f, f.takeBlocks()
}

// takeParams moves the tensors on a list to the parameters.
func (f *File) takeParams(text string) error {
	var list []param
	if err := json.Unmarshal([]byte(text), &list); err != nil {
		return errors.Wrap(err, paramsKey)
	}
	if len(list) == 0 {
		return errors.New("there are no parameters")
	}
	for _, p := range list {
		value, ok := f.Tensors[p.Name]
		if !ok {
			return errors.Errorf("there is no tensor for parameter %q", p.Name)
		}
		delete(f.Tensors, p.Name)
		var err error
		if f.Params == nil {
			if f.Params, err = nn.NewParams(value.Dtype(), 0); err != nil {
				return errors.Wrapf(err, "parameter %q", p.Name)
			}
		}
		if err := f.Params.Add(p.Name, value, p.Trainable); err != nil {
			return err
		}
	}
	return nil
}

// takeBlocks moves the tensors with the names of blocks to the blocks.
func (f *File) takeBlocks() error {
	for name, t := range f.Tensors {
		block, ok := strings.CutPrefix(name, blockPrefix)
		if !ok {
			continue
		}
		content, ok := t.Data().([]byte)
		if !ok || t.Dims() != 1 || block == "" {
			return errors.Errorf("block %q is a tensor of shape %v of %v, want one of bytes", block, t.Shape(), t.Dtype())
		}
		if f.Blocks == nil {
			f.Blocks = map[string][]byte{}
		}
		f.Blocks[block] = content
		delete(f.Tensors, name)
	}
	return nil
}
