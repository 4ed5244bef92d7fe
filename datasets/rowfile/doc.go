// Package rowfile keeps data sets that are larger than memory in a file of rows of fixed width, and reads them as data for training. A file is
// written once, from a table or by your own loop, and appears whole or not at all:
//
//	err := rowfile.Create("big.rows", rowfile.Description{Width: 100, Tasks: []string{"y"}}, func(w *rowfile.Writer) error {
//		...
//		return w.Add(features, labels, 1) // for each row
//	})
//
// and opened as often as you like:
//
//	f, err := rowfile.Open("big.rows")
//	defer f.Close()
//	validation, fit, err := f.All().Split(0.1, seed)
//	history, err := train.Fit(ctx, net, fit, train.Config{Validation: validation})
//
// # The order of the rows
//
// A file is read in chunks of some hundred rows. In each epoch the chunks come in a random order, a window of chunks is in memory at a time, and
// the rows of a window are in a random order again. Both orders are functions of the file, the seed and the number of the epoch, so that a
// resumed training reads the same rows in the same order. A batch so has rows from as many places of the file as a window has chunks, hundreds
// by default. That is nearly as random as an order of all rows, except that the rows of a chunk are always within one window.
//
// # The format
//
// All numbers are little-endian. A file has these parts:
//
//	64 bytes            "selfnorm rows 1\n", then zeros
//	rows                each: the features, the labels, and the weight if there are weights, all float32; NaN is a missing label
//	4 bytes per chunk   its CRC-32C
//	description         JSON, with the number of rows and what they hold
//	24 bytes            length of the description, CRC-32C of checksums and description (4 bytes), 4 zeros, "selfrows"
//
// So numpy.memmap(path, "<f4", "r", 64, (rows, values)) reads the rows, and a file that was cut short or overwritten is an error that names the
// file and the rows.
package rowfile
