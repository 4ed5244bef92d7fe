package memory

import (
	"math"
	"runtime/debug"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/pkg/errors"
)

// The limit of a group is the least of its own and of those above it, in both versions, whatever part of the hierarchy is mounted.
func TestCgroup(t *testing.T) {
	const none1 = "9223372036854771712\n"
	v2 := func(root, mount string) string {
		return "30 23 0:26 " + root + " " + mount + " rw,nosuid - cgroup2 cgroup2 rw\n"
	}
	v1 := func(root, mount string) string {
		return "31 23 0:27 " + root + " " + mount + " rw shared:9 - cgroup cgroup rw,memory\n32 23 0:28 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu\n"
	}
	for what, test := range map[string]struct {
		cgroup, mounts string
		files          map[string]string
		want           uint64
	}{
		"no files":         {"", "", nil, 0},
		"none":             {"0::/a/b\n", v2("/", "/sys/fs/cgroup"), map[string]string{"sys/fs/cgroup/a/b/memory.max": "max\n"}, 0},
		"own":              {"0::/a/b\n", v2("/", "/sys/fs/cgroup"), map[string]string{"sys/fs/cgroup/a/b/memory.max": "1000\n", "sys/fs/cgroup/a/memory.max": "max\n"}, 1000},
		"above":            {"0::/a/b\n", v2("/", "/sys/fs/cgroup"), map[string]string{"sys/fs/cgroup/a/b/memory.max": "1000\n", "sys/fs/cgroup/a/memory.max": "900\n"}, 900},
		"of another":       {"0::/a/b\n", v2("/", "/sys/fs/cgroup"), map[string]string{"sys/fs/cgroup/a/c/memory.max": "1000\n"}, 0},
		"container":        {"0::/\n", v2("/", "/sys/fs/cgroup"), map[string]string{"sys/fs/cgroup/memory.max": "1000\n"}, 1000},
		"outside":          {"0::/../../x\n", v2("/", "/sys/fs/cgroup"), map[string]string{"sys/fs/cgroup/memory.max": "1000\n"}, 1000},
		"mounted part":     {"0::/a/b/c\n", v2("/a/b", "/mnt"), map[string]string{"mnt/c/memory.max": "1000\n"}, 1000},
		"version 1":        {"5:cpu:/x\n4:memory,hugetlb:/docker/1\n", v1("/docker/1", "/sys/fs/cgroup/memory"), map[string]string{"sys/fs/cgroup/memory/memory.limit_in_bytes": "1000\n"}, 1000},
		"version 1, none":  {"4:memory:/docker/1\n", v1("/", "/sys/fs/cgroup/memory"), map[string]string{"sys/fs/cgroup/memory/docker/1/memory.limit_in_bytes": none1}, 0},
		"version 1, above": {"4:memory:/docker/1\n", v1("/", "/sys/fs/cgroup/memory"), map[string]string{"sys/fs/cgroup/memory/docker/1/memory.limit_in_bytes": none1, "sys/fs/cgroup/memory/docker/memory.limit_in_bytes": "7"}, 7},
		"both":             {"4:memory:/a\n0::/b\n", v1("/", "/cg1") + v2("/", "/cg2"), map[string]string{"cg1/a/memory.limit_in_bytes": "8\n", "cg2/b/memory.max": "9\n"}, 8},
		"nonsense":         {"x\n:\n4:memory\n", "- - -\n a - cgroup2\n", nil, 0},
	} {
		root := fstest.MapFS{"proc/self/cgroup": {Data: []byte(test.cgroup)}, "proc/self/mountinfo": {Data: []byte(test.mounts)}}
		for name, text := range test.files {
			root[name] = &fstest.MapFile{Data: []byte(text)}
		}
		got, source := least(root, groups(root))
		if got != test.want || (got > 0) != strings.Contains(source, "/memory.") {
			t.Errorf("%s: %d from %q, want %d", what, got, source, test.want)
		}
	}
}

// GOMEMLIMIT lowers the limit, and a limit that was set replaces it.
func TestLimit(t *testing.T) {
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(1 << 20))
	if got := Current(); got.Bytes != 1<<20 || got.Source != "GOMEMLIMIT" {
		t.Errorf("%+v, want GOMEMLIMIT", got)
	}
	defer SetLimit(SetLimit(1 << 21))
	if err := Check(1<<21, "it"); err != nil {
		t.Error(err)
	}
	err := Check(3_000_000, "the network")
	if !errors.Is(err, ErrTooLarge) || !strings.Contains(err.Error(), "the network takes about 3.0 MB, but the limit is 2.1 MB, the limit that was set") {
		t.Errorf("error %v", err)
	}
	if before := SetLimit(-1); before != 1<<21 || SetLimit(-1) != before {
		t.Error("a negative limit changes it")
	}
	SetLimit(math.MaxInt64)
	if err := Check(1<<62, "it"); err != nil {
		t.Error(err)
	}
}

func TestFormat(t *testing.T) {
	for n, want := range map[uint64]string{
		0: "0 bytes", 999: "999 bytes", 1000: "1.0 kB", 9949: "9.9 kB", 9951: "10 kB", 999_499: "999 kB", 999_501: "1.0 MB", 17_200_000_000_000: "17 TB", math.MaxUint64: "18 EB",
	} {
		if got := Format(n); got != want {
			t.Errorf("%d is %q, want %q", n, got, want)
		}
	}
}

func TestSaturation(t *testing.T) {
	if Sum(math.MaxUint64, 1) != math.MaxUint64 || Sum(1, 2, 3) != 6 || Product(math.MaxInt, math.MaxInt, 0+2) != math.MaxUint64 || Product(3, -1) != 0 || Product(3, 4) != 12 {
		t.Error("sums and products do not saturate")
	}
}
