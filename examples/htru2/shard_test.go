package main

import (
	"bytes"
	"context"
	"flag"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/datasets/htru2"
	"github.com/selfnorm/selfnorm/examples/internal/program"
)

// Shards need a second round for the tests of the folds, which depend on all trials of a fold. Merged, they give the table of one run.
func TestShards(t *testing.T) {
	set, err := htru2.Load(context.Background(), datasets.Options{StandIn: true, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	rows := func(out string, args ...string) ([]row, string, error) {
		t.Helper()
		o := options{methods: []string{"naive-bayes", "c4.5"}}
		f := flag.NewFlagSet("htru2", flag.ContinueOnError)
		o.Trials.Register(f, false)
		o.Out, o.Folds, o.Seed = out, 2, 1
		var stderr bytes.Buffer
		if code := program.Parse(f, "", args, &stderr, func() error { return o.Trials.Check(o.Out) }); code >= 0 {
			t.Fatal(stderr.String())
		}
		e := &experiment{grid: "quick", data: "made up"}
		if err := e.split(set, o); err != nil {
			t.Fatal(err)
		}
		rows, err := e.rows(context.Background(), &o, &stderr)
		o.Trials.Ended(&stderr)
		return rows, stderr.String(), err
	}
	want, _, err := rows(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for round := range 2 {
		for _, shard := range []string{"1/2", "2/2"} {
			if all, stderr, err := rows(dir, "-shard", shard); err != nil || round == 0 && len(all) > 0 || !strings.Contains(stderr, "shard "+shard[:1]+" of 2") {
				t.Fatalf("%d rows, %v: %s", len(all), err, stderr)
			}
		}
		got, _, err := rows(dir, "-merge")
		switch {
		case round == 0 && (err == nil || strings.Count(err.Error(), "2 of 2 trials are missing: test of fold 1") != 2):
			t.Error(err)
		case round == 1 && (err != nil || tableText(t, got) != tableText(t, want)):
			t.Errorf("%v\n%s\nwant\n%s", err, tableText(t, got), tableText(t, want))
		}
	}
}

func tableText(t *testing.T, rows []row) string {
	t.Helper()
	var b bytes.Buffer
	if err := tableOf(rows).CSV(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
