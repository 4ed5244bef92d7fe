package training

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/internal/output"
	"github.com/selfnorm/selfnorm/internal/tensorfile"
	"github.com/selfnorm/selfnorm/train/logs"
)

// sourceKey is the name of the text that says what the networks of a file were trained on: a Source as JSON.
const sourceKey = "source"

// Source identifies what networks were trained on. A training replaces the networks of another source only with -overwrite.
type Source struct {
	// Data is the name of the data, and SHA256 a checksum of their content in hexadecimal digits, empty for data that come with the program.
	Data   string `json:"data"`
	SHA256 string `json:"sha256,omitempty"`
	// Columns are the columns that the features were made of, if there is a choice, and Targets those that are predicted.
	Columns []string `json:"columns,omitempty"`
	Targets []string `json:"targets"`
	// Program and Loss are filled in by Train.
	Program string `json:"program"`
	Loss    string `json:"loss"`
}

// SourceOf returns what a network was trained on; ok is false if its file does not say so.
func SourceOf(net *graphs.Network) (s Source, ok bool) {
	text, ok := net.Metadata[sourceKey]
	return s, ok && json.Unmarshal([]byte(text), &s) == nil
}

// differs says in what networks of an older source differ, or nothing.
func (s Source) differs(old Source) string {
	sameName := old.Data == s.Data
	switch {
	case old.Program != s.Program:
		return fmt.Sprintf("its networks are those of program %s", old.Program)
	case old.SHA256 != s.SHA256 && sameName:
		return fmt.Sprintf("its networks were trained on other data of the name %s", s.Data)
	case old.SHA256 != s.SHA256 || s.SHA256 == "" && !sameName:
		return fmt.Sprintf("its networks were trained on %s, not %s", old.Data, s.Data)
	case !slices.Equal(old.Targets, s.Targets):
		return fmt.Sprintf("its networks predict %s, not %s", few(old.Targets), few(s.Targets))
	case old.Loss != s.Loss:
		return fmt.Sprintf("its networks have the loss %s, not %s", old.Loss, s.Loss)
	case !slices.Equal(old.Columns, s.Columns):
		return "its networks were trained on other columns: " + few(missing(old.Columns, s.Columns))
	}
	return ""
}

// missing returns what is in only one of two lists, with a sign, or else the first list, whose order differs.
func missing(old, now []string) (all []string) {
	for _, name := range old {
		if !slices.Contains(now, name) {
			all = append(all, "-"+name)
		}
	}
	for _, name := range now {
		if !slices.Contains(old, name) {
			all = append(all, "+"+name)
		}
	}
	if all == nil {
		return old
	}
	return all
}

// few joins names, the first five if there are more.
func few(names []string) string {
	if n := len(names); n > 5 {
		return strings.Join(names[:5], ", ") + fmt.Sprintf(" and %d more", n-5)
	}
	return strings.Join(names, ", ")
}

// checkLogs returns an error if -log is a file that is no log. It does not need the data.
func (o *Flags) checkLogs() error {
	for k := range o.Members.N {
		if o.Log == "" {
			return nil
		}
		if err := logs.Try(o.memberFile(o.Log, k)); err != nil {
			return errors.Wrap(err, "-log")
		}
	}
	return nil
}

// checkForeign returns an error if -out is a file without networks. It does not need the data.
func (o *Flags) checkForeign() error {
	if o.Overwrite {
		return nil
	}
	if exists(o.Out) {
		if _, err := tensorfile.ReadHead(o.Out); err != nil {
			return errors.Errorf("-out %s: the file that is there holds no networks of this program; -overwrite replaces it", o.Out)
		}
	}
	return nil
}

// checkSource returns an error if -out or -onnx holds networks that were trained on something else.
func (o *Flags) checkSource(s Source) error {
	if o.Overwrite {
		return nil
	}
	if exists(o.Out) {
		head, err := tensorfile.ReadHead(o.Out)
		if err != nil {
			return err
		}
		text, ok := head.Metadata[sourceKey]
		why := "it does not say what its networks were trained on"
		if ok {
			var old Source
			if err := json.Unmarshal([]byte(text), &old); err != nil {
				return errors.Wrapf(err, "-out %s: %s", o.Out, sourceKey)
			}
			why = s.differs(old)
		}
		if why != "" {
			return errors.Errorf("-out %s: %s; -overwrite replaces them", o.Out, why)
		}
	}
	return checkExport("-onnx", o.ONNX, s)
}

// CheckExport returns an error if the output of a flag would replace a file that was not made from a network trained on the same data,
// columns and targets as one with this metadata.
func CheckExport(flag, path string, metadata map[string]string) error {
	text, ok := metadata[sourceKey]
	if !exists(path) {
		return nil
	}
	if !ok {
		return errors.Errorf("%s %s: there is a file, and the network does not say what it was trained on; -overwrite replaces the file", flag, path)
	}
	var s Source
	if err := json.Unmarshal([]byte(text), &s); err != nil {
		return errors.Wrap(err, sourceKey)
	}
	return checkExport(flag, path, s)
}

func checkExport(flag, path string, s Source) error {
	if !exists(path) {
		return nil
	}
	same, err := contains(path, s.content())
	if err == nil && !same { // as in the head of a safetensors file
		quoted, _ := json.Marshal(s.content()) // texts always encode
		same, err = contains(path, string(quoted))
	}
	if err != nil {
		return errors.Wrap(err, flag)
	}
	if !same {
		return errors.Errorf("%s %s: the file that is there is not of a network trained on these data, columns and targets; -overwrite replaces it", flag, path)
	}
	return nil
}

// Exported returns the metadata of a network for a file of another format, which CheckExport understands.
func Exported(metadata map[string]string) map[string]string {
	var s Source
	if json.Unmarshal([]byte(metadata[sourceKey]), &s) != nil {
		return metadata
	}
	metadata = maps.Clone(metadata)
	metadata[sourceKey] = s.content()
	return metadata
}

// content is the text of the source without the name of the data, which another file of the same content may have.
func (s Source) content() string {
	if s.SHA256 != "" {
		s.Data = ""
	}
	return s.text()
}

func (s Source) text() string {
	text, _ := json.Marshal(s) // texts always encode
	return string(text)
}

// exists reports whether there is a file that an output would replace. An empty file is nothing to lose.
func exists(path string) bool {
	if path == "" || output.Direct(path) {
		return false
	}
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular() && info.Size() > 0
}

// contains reports whether a file holds a text.
func contains(path, text string) (bool, error) {
	f, err := os.Open(path)
	if err != nil {
		return false, errors.WithStack(err)
	}
	defer f.Close()
	block, kept := make([]byte, 1<<20+len(text)), 0
	for {
		n, err := io.ReadFull(f, block[kept:])
		if bytes.Contains(block[:kept+n], []byte(text)) {
			return true, nil
		}
		if err == io.EOF || err == io.ErrUnexpectedEOF {
			return false, nil
		}
		if err != nil {
			return false, errors.WithStack(err)
		}
		kept = copy(block, block[len(block)-len(text):])
	}
}
