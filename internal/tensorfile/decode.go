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
func Read(path string) (f File, err error) { return ReadChecked(path, nil) }

// ReadChecked is Read for a file that check accepts by its head, before the data of the tensors are read. Errors of check name the file.
func ReadChecked(path string, check func(Head) error) (f File, err error) {
	return readFile(path, decoder{check: check})
}

// ReadTensors is Read for a file without parameters.
func ReadTensors(path string) (f File, err error) { return readFile(path, decoder{bare: true}) }

// ReadHead reads the head of a file. The errors are those of Read, but damage of the data stays unseen.
func ReadHead(path string) (head Head, err error) {
	err = open(path, func(r io.Reader, size int64) error {
		h, err := readHead(r, size)
		if err == nil {
			err = h.known()
		}
		head = Head{Metadata: h.metadata, Tensors: h.tensors}
		return err
	})
	return head, err
}

func readFile(path string, d decoder) (f File, err error) {
	err = open(path, func(r io.Reader, size int64) (err error) {
		f, err = d.decode(r, size)
		return err
	})
	return f, err
}

// ReadRaw reads the tensors and the metadata of a safetensors file written by any program. The errors are those of Read.
func ReadRaw(path string) (tensors []Raw, metadata map[string]string, err error) {
	return ReadRawChecked(path, nil)
}

// ReadRawChecked is ReadRaw for a file that check accepts by its head, before the data of the tensors are read. Errors of check name the
// file. A nil check accepts all.
func ReadRawChecked(path string, check func(Head) error) (tensors []Raw, metadata map[string]string, err error) {
	err = open(path, func(r io.Reader, size int64) error {
		tensors, metadata, err = readRaw(r, size, check)
		return err
	})
	return tensors, metadata, err
}

// DecodeRaw is ReadRaw for bytes in memory, without the name of a file in its errors.
func DecodeRaw(raw []byte) (tensors []Raw, metadata map[string]string, err error) {
	return readRaw(bytes.NewReader(raw), int64(len(raw)), nil)
}

func readRaw(r io.Reader, size int64, check func(Head) error) ([]Raw, map[string]string, error) {
	h, err := readHead(r, size)
	if err == nil && check != nil {
		err = check(Head{Metadata: h.metadata, Tensors: h.tensors})
	}
	if err == nil {
		err = h.fill(r)
	}
	if err != nil {
		return nil, nil, err
	}
	return h.tensors, h.metadata, nil
}

func open(path string, read func(r io.Reader, size int64) error) error {
	info, err := os.Stat(path)
	if err != nil {
		return errors.WithStack(err)
	}
	if !info.Mode().IsRegular() { // opening a pipe would wait for a writer
		return errors.Errorf("read %s: not a regular file", path)
	}
	f, err := os.Open(path)
	if err != nil {
		return errors.WithStack(err)
	}
	defer f.Close()
	if info, err = f.Stat(); err != nil {
		return errors.WithStack(err)
	}
	return errors.Wrap(read(f, info.Size()), path)
}

// Decode is Read for bytes in memory, without the name of a file in its errors.
func Decode(raw []byte) (File, error) { return decoder{}.decode(bytes.NewReader(raw), int64(len(raw))) }

// decoder holds what is expected of a file.
type decoder struct {
	check func(Head) error // nil accepts any head
	bare  bool             // the file has no parameters
}

func (d decoder) decode(r io.Reader, size int64) (File, error) {
	h, err := readHead(r, size)
	if err != nil {
		return File{}, err
	}
	if err := h.known(); err != nil {
		return File{}, err
	}
	var refused error
	if d.check != nil {
		refused = d.check(Head{Metadata: h.metadata, Tensors: h.tensors})
	}
	if _, ok := h.metadata[headKey]; refused != nil && (ok || h.data > smallData) {
		return File{}, refused
	}
	if err := h.fill(r); err != nil {
		return File{}, err
	}
	if sum(h.metadata, h.tensors) != h.metadata[checksumKey] {
		return File{}, errors.Wrap(ErrDamaged, "the checksum is wrong")
	}
	if refused != nil {
		return File{}, refused
	}
	f, err := h.file(d.bare)
	if err != nil {
		return File{}, errors.Wrapf(ErrDamaged, "%v", err)
	}
	return f, nil
}

// smallData is the size of the data that are read to find out whether a head that does not fit is damaged. Files of version 0.2 and older
// have no checksum of the head alone.
const smallData = 64 << 20

// known returns an error unless the file is one of this library whose head is undamaged.
func (h *head) known() error {
	switch got := h.metadata[formatKey]; got {
	case version1, version2, version3:
	case "":
		return errors.Wrapf(ErrForeign, "a safetensors file without %s in its metadata", formatKey)
	default:
		return errors.Wrapf(ErrVersion, "version %.60q, this program reads %.60q to %.60q", got, version1, version3)
	}
	for _, t := range h.tensors {
		check := t.CheckDType
		if t.array() {
			check = t.checkArray
		}
		if err := check(); err != nil {
			return errors.Wrapf(ErrDamaged, "tensor %.60q: %v", t.Name, err)
		}
	}
	if want, ok := h.metadata[headKey]; ok && headSum(h.metadata, h.tensors) != want {
		return errors.Wrap(ErrDamaged, "the checksum of the header is wrong")
	}
	return nil
}

// file separates the parameters and the blocks from the other tensors.
func (h head) file(bare bool) (File, error) {
	tensors := make(map[string]*tensor.Dense, len(h.tensors))
	f := File{Metadata: maps.Clone(h.metadata), Tensors: tensors}
	for _, t := range h.tensors {
		if t.array() {
			if f.Arrays == nil {
				f.Arrays = map[string]any{}
			}
			f.Arrays[strings.TrimPrefix(t.Name, arrayPrefix)] = t.elements()
			continue
		}
		var err error
		if tensors[t.Name], err = t.Dense(); err != nil {
			return f, errors.Wrapf(err, "tensor %.60q", t.Name)
		}
	}
	if !bare {
		if err := f.takeParams(f.Metadata[paramsKey]); err != nil {
			return f, err
		}
	}
	for _, key := range []string{formatKey, versionKey, paramsKey, headKey, checksumKey} {
		delete(f.Metadata, key)
	}
	return f, f.takeBlocks()
}

// parseParams reads the list of parameters, which is not empty.
func parseParams(text string) (list []param, err error) {
	if err := json.Unmarshal([]byte(text), &list); err != nil {
		return nil, errors.Wrap(err, paramsKey)
	}
	if len(list) == 0 {
		return nil, errors.New("there are no parameters")
	}
	return list, nil
}

// takeParams moves the tensors on a list to the parameters.
func (f *File) takeParams(text string) error {
	list, err := parseParams(text)
	if err != nil {
		return err
	}
	for _, p := range list {
		value, ok := f.Tensors[p.Name]
		if !ok {
			return errors.Errorf("there is no tensor for parameter %.60q", p.Name)
		}
		delete(f.Tensors, p.Name)
		var err error
		if f.Params == nil {
			if f.Params, err = nn.NewParams(value.Dtype(), 0); err != nil {
				return errors.Wrapf(err, "parameter %.60q", p.Name)
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
			return errors.Errorf("block %.60q is a tensor of shape %v of %v, want one of bytes", block, t.Shape(), t.Dtype())
		}
		if f.Blocks == nil {
			f.Blocks = map[string][]byte{}
		}
		f.Blocks[block] = content
		delete(f.Tensors, name)
	}
	return nil
}
