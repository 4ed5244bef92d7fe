package datasets

import (
	"context"
	"slices"
	"strings"
	"sync"

	"github.com/pkg/errors"
)

// Options determine where a set comes from. The zero value looks for local files, and otherwise uses the embedded set or, if there is none,
// the synthetic stand-in; see the package comment.
type Options struct {
	// Dir is the folder with the set's files. If it is set, no other place is tried.
	Dir string
	// Download permits fetching missing files into the user's cache.
	Download bool
	// URL is the address of the folder to download from. Empty means the loader's own.
	URL string
	// StandIn goes straight to the synthetic stand-in.
	StandIn bool
	// RealOnly turns the fall-back to the stand-in into an error. An embedded set is real.
	RealOnly bool
	// Seed seeds the generator of the synthetic stand-in.
	Seed uint64
	// Threads is the number of goroutines that compute features. 0 means one per processor.
	Threads int
}

// Opener loads a set. When ctx is done, it stops early with ctx's error.
type Opener func(ctx context.Context, o Options) (*Set, error)

// FamilyOpener loads one of many sets. Its name follows the family and a slash.
type FamilyOpener func(ctx context.Context, name string, o Options) (*Set, error)

var registry = struct {
	sync.RWMutex
	openers  map[string]Opener
	families map[string]FamilyOpener
}{openers: make(map[string]Opener), families: make(map[string]FamilyOpener)}

// MustRegister registers a loader under a name. Loaders call it in their init. It panics with a message that names the argument if the
// opener is nil or the name is taken.
func MustRegister(name string, o Opener) {
	registry.Lock()
	defer registry.Unlock()
	if o == nil {
		panic("datasets: MustRegister " + name + " with a nil opener")
	}
	if _, taken := registry.openers[name]; taken {
		panic("datasets: MustRegister called twice for " + name)
	}
	registry.openers[name] = o
}

// MustRegisterFamily registers a loader for many sets: uci handles uci/iris and all other names that start with uci and a slash. It panics
// like [MustRegister].
func MustRegisterFamily(family string, o FamilyOpener) {
	registry.Lock()
	defer registry.Unlock()
	if o == nil {
		panic("datasets: MustRegisterFamily " + family + " with a nil opener")
	}
	if _, taken := registry.families[family]; taken {
		panic("datasets: MustRegisterFamily called twice for " + family)
	}
	registry.families[family] = o
}

// opener returns the opener for a name, or nil if there is none.
func opener(name string) Opener {
	registry.RLock()
	defer registry.RUnlock()
	if o := registry.openers[name]; o != nil {
		return o
	}
	family, member, _ := strings.Cut(name, "/")
	o := registry.families[family]
	if o == nil || member == "" {
		return nil
	}
	return func(ctx context.Context, opts Options) (*Set, error) { return o(ctx, member, opts) }
}

// Names returns the registered names, sorted. A family is listed with three dots: uci/...
func Names() []string {
	registry.RLock()
	defer registry.RUnlock()
	names := make([]string, 0, len(registry.openers)+len(registry.families))
	for name := range registry.openers {
		names = append(names, name)
	}
	for family := range registry.families {
		names = append(names, family+"/...")
	}
	slices.Sort(names)
	return names
}

// Open loads the set with the given name. If there is no such loader, the error lists the registered names. If files are missing, damaged,
// or not what they should be, it returns the loader's error.
func Open(name string, o Options) (*Set, error) {
	return OpenContext(context.Background(), name, o)
}

// OpenContext is [Open] with a context that can cancel downloads and computations. A nil context is never done.
func OpenContext(ctx context.Context, name string, o Options) (*Set, error) {
	if ctx == nil {
		ctx = context.Background()
	}
	open := opener(name)
	if open == nil {
		known := "none; import a loader such as datasets/tox21"
		if names := Names(); len(names) > 0 {
			known = strings.Join(names, ", ")
		}
		return nil, errors.Errorf("datasets: unknown set %q (known: %s)", name, known)
	}
	set, err := open(ctx, o)
	if err != nil {
		return nil, err
	}
	if err := set.Validate(); err != nil {
		return nil, err
	}
	return set, nil
}
