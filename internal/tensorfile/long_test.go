package tensorfile

import (
	"encoding/binary"
	"strings"
	"testing"
)

// Errors are short, whatever names and shapes a header has.
func TestLongHeader(t *testing.T) {
	long := strings.Repeat("x", 1<<20)
	for name, header := range map[string]string{
		"name":       `{"` + long + `":1}`,
		"name twice": `{"` + long + `":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"` + long + `":1}`,
		"key":        `{"a":{"` + long + `":1}}`,
		"dtype":      `{"a":{"dtype":"` + long + `","shape":[1],"data_offsets":[0,4]}}`,
		"shape":      `{"a":{"dtype":"F32","shape":[1` + strings.Repeat(",1", 1<<20) + `],"data_offsets":[0,8]}}`,
		"metadata":   `{"__metadata__":{"` + long + `":1}}`,
		"gap":        `{"` + long + `":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}`,
		"text":       `{"a":{"dtype":"` + long + `\q"}}`,
	} {
		file := append(binary.LittleEndian.AppendUint64(nil, uint64(len(header))), header...)
		_, err := readHead(strings.NewReader(string(file)+"12345678"), int64(len(file)+8))
		if err == nil || len(err.Error()) > 300 {
			t.Errorf("%s: %.400v", name, err)
		}
	}
}
