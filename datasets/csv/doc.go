// Package csv loads your own table, a file of comma-separated values, as a set for training.
//
//	set, enc, err := csv.Load("flowers.csv", csv.Options{Target: "species"})
//
// The set has a training and a test part; the encoder's statistics (means, deviations, categories) come only from the training part. Save
// the encoder with the network: it encodes new tables in the same columns.
//
//	err = enc.Save("flowers.encoder.json")
//	...
//	enc, err := csv.LoadEncoder("flowers.encoder.json")
//	set, err := enc.Load("new.csv") // columns in any order; the target may be absent
//
// For your own folds use the steps in between: [Read], [Table.Fit] and [Encoder.Set].
//
// # Columns
//
// A column whose values are all numbers is numeric: it is standardized to mean 0 and variance 1, in float64, and a missing
// value becomes the median. Few texts among numbers count as missing values. A date gives numbers: year, month, day, weekday, day
// of year and hour, those that vary. Any other column is categorical: one column of 0 and 1 for each category; a category that
// the fitting rows do not have is all zeros, and a missing value becomes the most frequent category. A column that had
// missing values among the fitting rows gets an indicator column, which is 1 where the value is missing.
// Numbers may have separators between thousands, currencies and percent signs. Texts that differ only in case or space are one, and so are the
// words for yes and for no. Columns of many different texts give the words that many rows have. A value far outside the range of the fitting rows counts as one just outside.
// Digits with leading zeros, and whole numbers that float64 cannot hold, are texts. [Table.Decisions] lists what you may want to know.
//
// # Targets
//
// One target column of texts, or of few different whole numbers, makes classes; other numbers make a regression, with
// labels standardized like a feature ([Encoder.Value] goes back). Several target columns, which may have gaps, are binary tasks if
// they hold 0 and 1, or true and false, or yes and no; else they are a regression. Options.Problem overrules this, and
// Set.Notes reports the result. Whole numbers that are distributed like counts are a regression.
//
// The package is named after the format. If you also need encoding/csv, import one of them under another name.
package csv
