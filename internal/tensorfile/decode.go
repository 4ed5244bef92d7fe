package tensorfile

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"maps"

	"github.com/nlpodyssey/safetensors"
	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/nn"
	"gorgonia.org/tensor"
)

// maxHeader is the limit of the safetensors format for the length of the header.
const maxHeader = 100_000_000

// checkHead judges a file by its size and its first bytes: the length of the header and its first character.
func checkHead(head []byte, size int64) error {
	if len(head) < 9 {
		return errors.Wrapf(ErrDamaged, "%d bytes are no header", size)
	}
	if n := binary.LittleEndian.Uint64(head); n > maxHeader || head[8] != '{' {
		return errors.Wrap(ErrForeign, "not a safetensors file")
	} else if int64(n) > size-8 {
		return errors.Wrapf(ErrDamaged, "truncated: the header has %d bytes, the file %d", n, size)
	}
	return nil
}

// Decode is Read for bytes in memory, without the name of a file in its errors.
func Decode(raw []byte) (File, error) {
	if err := checkHead(raw[:min(9, len(raw))], int64(len(raw))); err != nil {
		return File{}, err
	}
	n := binary.LittleEndian.Uint64(raw)
	if err := checkNames(raw[8 : 8+n]); err != nil {
		return File{}, errors.Wrapf(ErrDamaged, "header: %v", err)
	}
	_, header, err := safetensors.ReadMetadata(raw)
	if err != nil {
		return File{}, errors.Wrapf(ErrDamaged, "truncated or changed: %v", err)
	}
	content, err := safetensors.Deserialize(raw)
	if err != nil {
		return File{}, errors.Wrapf(ErrDamaged, "truncated or changed: %v", err)
	}
	info := header.Metadata()
	switch got := info[formatKey]; got {
	case version:
	case "":
		return File{}, errors.Wrapf(ErrForeign, "a safetensors file without %s in its metadata", formatKey)
	default:
		return File{}, errors.Wrapf(ErrVersion, "version %q, this program reads %q", got, version)
	}
	views := map[string]view{}
	for _, t := range content.Tensors() {
		if views[t.Name], err = dense(t.TensorView); err != nil {
			return File{}, errors.Wrapf(ErrDamaged, "tensor %q: %v", t.Name, err)
		}
	}
	if sum(info, views) != info[checksumKey] {
		return File{}, errors.Wrap(ErrDamaged, "the checksum is wrong")
	}
	return collect(info, views)
}

// collect sorts out what is a parameter.
func collect(info map[string]string, views map[string]view) (File, error) {
	var list []param
	if err := json.Unmarshal([]byte(info[paramsKey]), &list); err != nil {
		return File{}, errors.Wrapf(ErrDamaged, "%s: %v", paramsKey, err)
	}
	if len(list) == 0 {
		return File{}, errors.Wrap(ErrDamaged, "there are no parameters")
	}
	f := File{Tensors: map[string]*tensor.Dense{}, Metadata: maps.Clone(info)}
	for _, key := range []string{formatKey, paramsKey, checksumKey} {
		delete(f.Metadata, key)
	}
	for _, p := range list {
		v, ok := views[p.Name]
		if !ok {
			return File{}, errors.Wrapf(ErrDamaged, "there is no tensor for parameter %q", p.Name)
		}
		delete(views, p.Name)
		var err error
		if f.Params == nil {
			if f.Params, err = nn.NewParams(v.Dense.Dtype(), 0); err != nil {
				return File{}, errors.Wrapf(ErrDamaged, "parameter %q: %v", p.Name, err)
			}
		}
		if err := f.Params.Add(p.Name, v.Dense, p.Trainable); err != nil {
			return File{}, errors.Wrapf(ErrDamaged, "%v", err)
		}
	}
	for name, v := range views {
		f.Tensors[name] = v.Dense
	}
	return f, nil
}

// checkNames returns an error for a header with a name that occurs twice, of which package safetensors takes the last.
func checkNames(header []byte) error {
	d := json.NewDecoder(bytes.NewReader(header))
	if _, err := d.Token(); err != nil {
		return err
	}
	return checkObject(d, 2)
}

// checkObject reads the rest of an object whose values are at most depth-1 objects deep.
func checkObject(d *json.Decoder, depth int) error {
	seen := map[string]bool{}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return err
		}
		name, _ := key.(string)
		if seen[name] {
			return errors.Errorf("the name %q occurs twice", name)
		}
		seen[name] = true
		if depth == 1 {
			var skip json.RawMessage
			if err := d.Decode(&skip); err != nil {
				return err
			}
			continue
		}
		if open, err := d.Token(); err != nil {
			return err
		} else if open != json.Delim('{') {
			return errors.Errorf("%q is no object", name)
		}
		if err := checkObject(d, depth-1); err != nil {
			return err
		}
	}
	_, err := d.Token()
	return err
}
