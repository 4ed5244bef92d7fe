package program

import (
	"fmt"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/pkg/errors"
)

// Shard is one of several parts of the work, of a process of an array on a cluster. The zero value is the whole.
type Shard struct {
	// Number counts from 1 to Of.
	Number, Of int
}

// ShardSyntax describes the values of -shard.
const ShardSyntax = "i/n with i from 1 to n, auto in a Slurm array, or auto/n in a Slurm array of the indexes 0 to n-1 or an indexed Kubernetes job"

const maxShards = 1_000_000

// The variables that say which process of an array this is.
const (
	slurmID, slurmMin, slurmStep = "SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_MIN", "SLURM_ARRAY_TASK_STEP"
	slurmCount                   = "SLURM_ARRAY_TASK_COUNT"
	kubernetesIndex              = "JOB_COMPLETION_INDEX"
)

// ParseShard reads a value of -shard. An empty text is the whole. getenv returns the variables of the process.
func ParseShard(text string, getenv func(name string) string) (Shard, error) {
	number, of, given := strings.Cut(text, "/")
	var s Shard
	switch {
	case text == "":
		return s, nil
	case text == "auto":
		return slurmShard(getenv)
	case !given:
		return s, errors.Errorf("-shard %s: want %s", text, ShardSyntax)
	}
	n, err := strconv.Atoi(of)
	if err != nil || n < 1 || n > maxShards {
		return s, errors.Errorf("-shard %s: want %s", text, ShardSyntax)
	}
	s.Of = n
	if number == "auto" {
		index, err := indexOf(getenv)
		if err == nil && (index < 0 || index >= n) {
			err = errors.Errorf("the index of this process is %d, want 0 to %d", index, n-1)
		}
		s.Number = index + 1
		return s, errors.Wrapf(err, "-shard %s", text)
	}
	if s.Number, err = strconv.Atoi(number); err != nil || s.Number < 1 || s.Number > n {
		return s, errors.Errorf("-shard %s: want %s", text, ShardSyntax)
	}
	return s, nil
}

// indexOf returns the index of this process in its array.
func indexOf(getenv func(name string) string) (int, error) {
	for _, name := range []string{slurmID, kubernetesIndex} {
		if text := getenv(name); text != "" {
			i, err := strconv.Atoi(text)
			return i, errors.Wrap(err, name)
		}
	}
	return 0, errors.Errorf("neither %s nor %s is set", slurmID, kubernetesIndex)
}

// slurmShard returns the part of this process by the size of its Slurm array.
func slurmShard(getenv func(name string) string) (Shard, error) {
	var values [4]int
	for i, name := range []string{slurmID, slurmMin, slurmStep, slurmCount} {
		text := getenv(name)
		if text == "" && name == slurmStep {
			text = "1"
		}
		v, err := strconv.Atoi(text)
		if err != nil {
			return Shard{}, errors.Errorf("-shard auto: %s is %q, want a number; name the number of shards as in auto/16", name, text)
		}
		values[i] = v
	}
	id, first, step, count := values[0], values[1], values[2], values[3]
	if step < 1 || count < 1 || count > maxShards || (id-first)%step != 0 || (id-first)/step < 0 || (id-first)/step >= count {
		return Shard{}, errors.Errorf("-shard auto: task %d of a Slurm array of %d tasks from %d in steps of %d; name the number of shards as in auto/16", id, count, first, step)
	}
	return Shard{(id-first)/step + 1, count}, nil
}

// IsWhole reports whether it is not a part.
func (s Shard) IsWhole() bool { return s.Of == 0 }

// shardMark stands in the names of files of shards.
const shardMark = ".shard-"

// Path returns the name of the file of a shard of an output: results.jsonl becomes results.shard-2-of-4.jsonl.
func (s Shard) Path(path string) string {
	if s.IsWhole() || path == "" {
		return path
	}
	ext := filepath.Ext(path)
	return fmt.Sprintf("%s%s%d-of-%d%s", strings.TrimSuffix(path, ext), shardMark, s.Number, s.Of, ext)
}

// ShardFiles returns the files of shards of an output that exist, in the order of their names.
func ShardFiles(path string) ([]string, error) {
	ext := filepath.Ext(path)
	base := filepath.Base(strings.TrimSuffix(path, ext)) + shardMark
	found, err := filepath.Glob(filepath.Join(globQuote(filepath.Dir(path)), globQuote(base)+"*"+globQuote(ext)))
	var files []string
	for _, f := range found { // not those of another extension, such as locks
		if number := strings.TrimSuffix(strings.TrimPrefix(filepath.Base(f), base), ext); !strings.Contains(number, ".") {
			files = append(files, f)
		}
	}
	return files, errors.WithStack(err)
}

// globQuote takes the meaning of a pattern from a name.
func globQuote(name string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(name)
}
