// Package datasets turns bytes from outside into sets that a network can be trained on.
//
// A [Set] is features (dense, sparse, or several blocks side by side), labels with their gaps, and names. Set.Gather
// writes a batch of rows into tensors and allocates nothing, so it can run in a goroutine while a network trains.
// Splits and folds are functions from row indices to row indices. A [Scaler] is fitted on training rows only.
//
// # Where a set comes from
//
// Loaders register themselves under a name, the way database/sql drivers do, and [Open] finds them:
//
//	import _ "github.com/selfnorm/selfnorm/datasets/tox21"
//
//	set, err := datasets.Open("tox21", datasets.Options{})
//
// A loader looks for its files in this order, and takes the first place that has them:
//
//  1. Options.Dir, the folder that a program was given by -data. If it is set, nothing else is tried.
//  2. The sub-folder of the set's name under the folder named by the variable SELFNORM_DATA.
//  3. The sub-folder of the set's name in the cache: under $SELFNORM_CACHE, or else under selfnorm in the user's
//     cache folder. With Options.Download, files that are missing there are fetched and compared with their checksum.
//  4. The program itself: Tox21, HTRU2 and the sets of datasets/classics are embedded.
//  5. For the other sets a synthetic stand-in, made up from Options.Seed. It is announced: Set.Synthetic is true and
//     Set.Notes starts with SYNTHETIC. Options.RealOnly turns this last step into an error.
//
// Options.StandIn goes straight to the stand-in. Nothing is downloaded unless you ask for it.
package datasets
