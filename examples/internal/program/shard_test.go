package program_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/selfnorm/selfnorm/examples/internal/program"
)

func TestParseShard(t *testing.T) {
	slurm := map[string]string{"SLURM_ARRAY_TASK_ID": "7", "SLURM_ARRAY_TASK_MIN": "1", "SLURM_ARRAY_TASK_STEP": "2", "SLURM_ARRAY_TASK_COUNT": "5"}
	kubernetes := map[string]string{"JOB_COMPLETION_INDEX": "3"}
	for _, test := range []struct {
		text       string
		env        map[string]string
		number, of int // 0 of an error
	}{
		{"1/1", nil, 1, 1}, {"2/4", nil, 2, 4}, {"4/4", kubernetes, 4, 4}, {"auto", slurm, 4, 5}, {"auto/8", slurm, 8, 8}, {"auto/4", kubernetes, 4, 4},
		{"0/4", nil, 0, 0}, {"5/4", nil, 0, 0}, {"1/0", nil, 0, 0}, {"1", nil, 0, 0}, {"a/b", nil, 0, 0}, {"1/2/3", nil, 0, 0}, {"-1/2", nil, 0, 0},
		{"auto", nil, 0, 0}, {"auto", kubernetes, 0, 0}, {"auto/2", kubernetes, 0, 0}, {"auto/7", slurm, 0, 0}, {"auto/3", nil, 0, 0},
		{"auto", map[string]string{"SLURM_ARRAY_TASK_ID": "9", "SLURM_ARRAY_TASK_MIN": "1", "SLURM_ARRAY_TASK_COUNT": "5"}, 0, 0},
	} {
		s, err := program.ParseShard(test.text, func(name string) string { return test.env[name] })
		if (err != nil) != (test.of == 0) || err == nil && (s.Number != test.number || s.Of != test.of) {
			t.Errorf("%s in %v: %+v (%v)", test.text, test.env, s, err)
		}
	}
	if s, err := program.ParseShard("", os.Getenv); err != nil || !s.IsWhole() {
		t.Error(s, err)
	}
}

// The files of the shards of an output are found, and no others, whatever its name.
func TestShardFiles(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a*[b")
	if err := os.Mkdir(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"results.jsonl", "results", "r?[1].jsonl"} {
		out := filepath.Join(dir, name)
		var want []string
		for k := range 3 {
			path := program.Shard{Number: k + 1, Of: 3}.Path(out)
			want = append(want, path)
			if err := os.WriteFile(path, nil, 0o666); err != nil {
				t.Fatal(err)
			}
		}
		if got, err := program.ShardFiles(out); err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: %q (%v), want %q", out, got, err, want)
		}
	}
	if p := (program.Shard{}).Path("x"); p != "x" {
		t.Error(p)
	}
}
