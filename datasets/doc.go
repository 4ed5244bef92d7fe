// Package datasets loads data into sets that a network can be trained on.
//
// A [Set] holds features (dense, sparse, or several blocks side by side), labels, some of which may be missing, and names. Set.Gather
// writes a batch of rows into tensors and allocates nothing, so it can run in a goroutine while a network trains. Splits and folds take row
// indices and return row indices. Fit a [Scaler] on training rows only.
//
// # Where a set comes from
//
// Loaders register themselves under a name, the way database/sql drivers do, and [Open] finds them:
//
//	import _ "github.com/selfnorm/selfnorm/datasets/tox21"
//
//	set, err := datasets.Open("tox21", datasets.Options{})
//
// A loader looks for its files in this order, and uses the first place that has them:
//
//  1. Options.Dir, the folder that programs take as -data. If it is set, no other place is tried.
//  2. The sub-folder with the set's name under the folder named by the variable SELFNORM_DATA.
//  3. The sub-folder with the set's name in the cache: under $SELFNORM_CACHE, or else under selfnorm in the user's cache folder. With Options.Download, files that are missing there are downloaded and compared with their checksums.
//  4. The program itself: Tox21, HTRU2 and the sets of datasets/classics are embedded.
//  5. For other sets, a synthetic stand-in generated from Options.Seed. It is marked: Set.Synthetic is true and Set.Notes starts with SYNTHETIC. With Options.RealOnly, Open returns an error instead.
//
// Options.StandIn goes straight to the stand-in. Nothing is downloaded unless you ask for it.
package datasets
