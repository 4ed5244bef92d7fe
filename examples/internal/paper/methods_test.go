package paper_test

import (
	"bytes"
	"context"
	"flag"
	"slices"
	"testing"

	"github.com/selfnorm/selfnorm/examples/internal/paper"
	"github.com/selfnorm/selfnorm/examples/internal/program"
	"github.com/selfnorm/selfnorm/train/baseline"
)

// Each method has several settings, all different, and they can be fitted.
func TestSettings(t *testing.T) {
	x := baseline.Matrix{Rows: 4, Columns: 2, Values: []float64{0, 1, 0.1, 0.9, 1, 0, 0.9, 0.2}}
	for _, name := range paper.Methods {
		settings, err := paper.Settings(name, 2, 1)
		if err != nil || len(settings) < 2 {
			t.Fatalf("%s: %d settings (%v)", name, len(settings), err)
		}
		seen := map[string]bool{}
		for _, s := range settings {
			if seen[s.Values.String()] {
				t.Errorf("%s: %v twice", name, s.Values)
			}
			seen[s.Values.String()] = true
			if name == "forest" {
				continue // too many trees
			}
			if _, err := s.Fit(context.Background(), x, []int{0, 0, 1, 1}, 2); err != nil {
				t.Errorf("%s: %v: %v", name, s.Values, err)
			}
		}
	}
	if _, err := paper.Settings("boosting", 2, 1); err == nil {
		t.Error("settings of an unknown method")
	}
	settings, err := paper.Settings("svm", 16, 1)
	if err != nil || len(settings) != 11*10 || settings[0].Values["gamma"] != 1.0/32 && settings[0].Values["gamma"] != 1.0/8 {
		t.Errorf("%d settings (%v), the first one %v", len(settings), err, settings[0].Values)
	}
}

func TestMethodFlag(t *testing.T) {
	parse := func(args ...string) (o *paper.Flags, code int) {
		o = &paper.Flags{Folds: 1, MaxFolds: 4}
		f := flag.NewFlagSet("prog", flag.ContinueOnError)
		o.Register(f, "data", "folds", "out")
		o.RegisterMethods(f)
		return o, program.Parse(f, "", args, &bytes.Buffer{}, o.Check)
	}
	for _, c := range []struct {
		args          []string
		nets, methods int
	}{
		{nil, 7, 0}, {[]string{"-methods", "all"}, 7, len(paper.Methods)}, {[]string{"-methods", "svm,knn", "-nets", "snn"}, 1, 2},
		{[]string{"-nets", "none", "-methods", "tree"}, 0, 1},
	} {
		if o, code := parse(c.args...); code >= 0 || len(o.Nets) != c.nets || len(o.Methods) != c.methods {
			t.Errorf("%v: exit code %d, networks %v, methods %v", c.args, code, o.Nets, o.Methods)
		}
	}
	if o, _ := parse("-methods", "svm,knn"); !slices.Equal(o.Methods, []string{"svm", "knn"}) {
		t.Errorf("methods %v", o.Methods)
	}
	for _, args := range [][]string{{"-nets", "none"}, {"-methods", ""}, {"-methods", "svm,svm"}, {"-methods", "all,svm"}, {"-methods", "snn"}} {
		if _, code := parse(args...); code != 2 {
			t.Errorf("%v: exit code %d", args, code)
		}
	}
}
