package pytorch_test

import (
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/graphs/pytorch"
)

// A file of another network is refused by its header, however large it is, and however many tensors it has.
func TestLoadOfAnother(t *testing.T) {
	net, err := graphs.New(graphs.SNN{Layers: 1, Units: 4, Outputs: 1}, graphs.Matrix(3), graphs.MSE)
	if err != nil {
		t.Fatal(err)
	}
	size := int64(1) << min(40, strconv.IntSize-2)
	many := &strings.Builder{}
	for i := range 20_000 {
		fmt.Fprintf(many, `,"t%d":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}`, i)
	}
	for want, header := range map[string]string{
		`tensor "large" [`: fmt.Sprintf(`{"large":{"dtype":"F32","shape":[%d],"data_offsets":[0,%d]}}`, size/4, size),
		"and 19":           fmt.Sprintf(`{"large":{"dtype":"U8","shape":[%d],"data_offsets":[0,%d]}%s}`, size, size, many),
		"has shape":        fmt.Sprintf(`{"output.weight":{"dtype":"F32","shape":[1,%d],"data_offsets":[0,%d]}}`, size/4, size),
	} {
		path := filepath.Join(t.TempDir(), "f.safetensors")
		raw := append(binary.LittleEndian.AppendUint64(nil, uint64(len(header))), header...)
		if err := os.WriteFile(path, raw, 0o666); err != nil {
			t.Fatal(err)
		}
		if err := os.Truncate(path, int64(len(raw))+size); err != nil {
			t.Skip(err)
		}
		err := pytorch.Load(net, path)
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), path) || len(err.Error()) > 1<<16 {
			t.Errorf("error %.300v, want %q", err, want)
		}
	}
}
