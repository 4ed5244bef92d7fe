// Package answers writes the predictions for files of any length, for the programs that have a flag -predict: CSV or Parquet, resumable. It is apart from package training,
// so that programs without that flag do not contain the library for Parquet.
package answers
