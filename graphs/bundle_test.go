package graphs_test

import (
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/graphs"
)

// A bundle is read as it was. LoadAll and Load, which would drop the arrays, refuse it; a file without arrays is one of SaveAll.
func TestBundle(t *testing.T) {
	net := newNet(t, graphs.SNN{Layers: 1, Units: 3, Outputs: 2}, 2, graphs.BCE)
	b := graphs.Bundle{Networks: []*graphs.Network{net, net.Clone()}, Arrays: map[string]any{"forest.column": []uint16{1, 0, 0}, "x": []float32{1}}}
	path := filepath.Join(t.TempDir(), "f")
	if err := b.Save(path); err != nil {
		t.Fatal(err)
	}
	got, err := graphs.LoadBundle(path)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got.Arrays, b.Arrays) || len(got.Networks) != 2 {
		t.Errorf("arrays %v of %d networks", got.Arrays, len(got.Networks))
	}
	same(t, got.Networks[1], b.Networks[1])
	for name, load := range map[string]func(string) error{
		"LoadAll": func(path string) error { _, err := graphs.LoadAll(path); return err },
		"Load":    func(path string) error { _, err := graphs.Load(path); return err },
	} {
		if err := load(path); err == nil || !strings.Contains(err.Error(), "LoadBundle") || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: error %v", name, err)
		}
	}
	b.Arrays = nil
	if err := b.Save(path); err != nil {
		t.Fatal(err)
	}
	if all, err := graphs.LoadAll(path); err != nil || len(all) != 2 {
		t.Errorf("%d networks, %v", len(all), err)
	}
	for _, bad := range []graphs.Bundle{{}, {Networks: []*graphs.Network{nil}}, {Networks: b.Networks, Arrays: map[string]any{"x": 1}}} {
		if err := bad.Save(path); err == nil || !strings.Contains(err.Error(), path) {
			t.Errorf("error %v", err)
		}
	}
}
