// Package tensorfile reads and writes the project's safetensors files: the parameters of a network, other tensors, texts, and blocks of
// bytes, such as the encoder of the features. A checksum covers all of it, so that a damaged file gives an error and never wrong weights.
//
// The texts are the metadata of the safetensors header. The names that begin with "selfnorm." are the project's own:
//
//	selfnorm.format    the version of this format: "1", "2" for a file with blocks, or "3" for one with arrays
//	selfnorm.version   the version of the project that wrote the file; files of version 0.1.0 have none
//	selfnorm.params    the parameters in order, as JSON: [{"name": "hidden1.dense1.weight", "trainable": true}, ...]
//	selfnorm.head      "sha256:" and the digest of the other metadata and of the names, dtypes and shapes of all tensors; see headSum
//	selfnorm.checksum  "sha256:" and the digest of all other content; see sum
//
// Parameters are stored under their own names, so that other programs find them; the other tensors must have other names. The block
// "encoder" is the tensor "selfnorm/block/encoder" of bytes (U8) with one axis, and an array "forest" is the tensor "selfnorm/array/forest" with
// one axis. A program that reads only version 1 rejects a file with blocks, because it would ignore them; one that reads versions 1 and 2 rejects
// a file with arrays. Files of version 1 will always be readable.
package tensorfile

import (
	"encoding/json"
	"io"
	"iter"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/nlpodyssey/safetensors"
	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/internal/output"
	"github.com/selfnorm/selfnorm/internal/version"
	"github.com/selfnorm/selfnorm/nn"
	"gorgonia.org/tensor"
)

// The project's own metadata.
const (
	Reserved = "selfnorm." // how the names of the project's own metadata begin

	formatKey   = Reserved + "format"
	versionKey  = Reserved + "version"
	paramsKey   = Reserved + "params"
	headKey     = Reserved + "head"
	checksumKey = Reserved + "checksum"

	blockPrefix = "selfnorm/block/"
	arrayPrefix = "selfnorm/array/"

	version1, version2, version3 = "1", "2", "3"
)

// The causes of errors of Read.
var (
	ErrDamaged = errors.New("the file is damaged")
	ErrForeign = errors.New("not a file of this library")
	ErrVersion = errors.New("the file has another format version")
)

// File is the content of a file.
type File struct {
	// Params are the parameters of a network. A file has at least one.
	Params *nn.Params
	// Tensors are all other tensors: float32, float64 or bytes, none empty or a scalar. Their names must not begin with "selfnorm/block/" or
	// "selfnorm/array/".
	Tensors map[string]*tensor.Dense
	// Blocks are byte slices by name, none empty. Their content is up to the caller.
	Blocks map[string][]byte
	// Arrays are []float32, []float64, []int32, []uint16 and []uint8 by name, none empty.
	Arrays map[string]any
	// Metadata are strings by name, without format, version, list of parameters and checksum.
	Metadata map[string]string
}

// Head describes a file without the data of its tensors.
type Head struct {
	// Metadata are all strings, with those of the format.
	Metadata map[string]string
	// Tensors have no Data. They include parameters and blocks.
	Tensors []Raw
}

// HeadParam is a parameter as the head of a file describes it.
type HeadParam struct {
	Raw
	Trainable bool
}

// Params returns the parameters, in order. There is at least one.
func (h Head) Params() (params []HeadParam, err error) {
	list, err := parseParams(h.Metadata[paramsKey])
	if err != nil {
		return nil, err
	}
	tensors := make(map[string]Raw, len(h.Tensors))
	for _, t := range h.Tensors {
		tensors[t.Name] = t
	}
	for _, p := range list {
		t, ok := tensors[p.Name]
		if !ok {
			return nil, errors.Errorf("there is no tensor for parameter %.60q", p.Name)
		}
		params = append(params, HeadParam{t, p.Trainable})
	}
	return params, nil
}

// param is an entry of the list of parameters.
type param struct {
	Name      string `json:"name"`
	Trainable bool   `json:"trainable"`
}

// Write writes a file, which appears only when it is complete; on an error, an existing file stays unchanged.
func Write(path string, f File) error {
	views := map[string]view{}
	for name, t := range f.Tensors {
		if strings.HasPrefix(name, blockPrefix) || strings.HasPrefix(name, arrayPrefix) {
			return errors.Errorf("write %s: tensor %q has the name of a block or an array", path, name)
		}
		views[name] = view{t}
	}
	for name, content := range f.Blocks {
		if name == "" || len(content) == 0 {
			return errors.Errorf("write %s: block %.60q has no name or no content", path, name)
		}
		views[blockPrefix+name] = view{tensor.New(tensor.WithShape(len(content)), tensor.WithBacking(content))}
	}
	if err := addArrays(views, f.Arrays); err != nil {
		return errors.Wrapf(err, "write %s", path)
	}
	list := []param{}
	for _, p := range f.Params.All() {
		if _, ok := views[p.Name]; ok {
			return errors.Errorf("write %s: parameter %.60q has the name of another tensor", path, p.Name)
		}
		views[p.Name] = view{p.Value}
		list = append(list, param{p.Name, p.Trainable})
	}
	for name, v := range views {
		if err := v.check(name); err != nil {
			return errors.Wrapf(err, "write %s: tensor %q", path, name)
		}
	}
	order, err := json.Marshal(list)
	if err != nil {
		return errors.Wrapf(err, "write %s", path)
	}
	info := maps.Clone(f.Metadata)
	if info == nil {
		info = map[string]string{}
	}
	info[formatKey], info[versionKey], info[paramsKey] = version1, version.Version, string(order)
	if len(f.Blocks) > 0 {
		info[formatKey] = version2
	}
	if len(f.Arrays) > 0 {
		info[formatKey] = version3
	}
	for name, text := range info {
		if !utf8.ValidString(name) || !utf8.ValidString(text) {
			return errors.Errorf("write %s: metadata %.60q is not UTF-8", path, name)
		}
	}
	names := slices.Sorted(maps.Keys(views))
	tensors := func(data bool) iter.Seq[Raw] {
		return func(yield func(Raw) bool) {
			for _, name := range names {
				if !yield(views[name].raw(name, data)) {
					return
				}
			}
		}
	}
	delete(info, headKey)
	info[headKey] = sumOf(info, tensors(false))
	info[checksumKey] = sumOf(info, tensors(true))
	return output.Write(path, func(w io.Writer) error { return safetensors.SerializeToWriter(views, info, w) })
}

// CheckMetadata returns an error if a name is reserved.
func CheckMetadata(metadata map[string]string) error {
	for name := range metadata {
		if strings.HasPrefix(name, Reserved) {
			return errors.Errorf("metadata %.60q: names that begin with %.60q are reserved", name, Reserved)
		}
	}
	return nil
}
