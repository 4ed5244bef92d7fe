// Package parquet reads the rows of Parquet files as texts, for readers of tables, and writes files of texts and numbers. It is a room of its own, so
// that programs that do not use it do not contain the library below it.
//
// # Values as texts
//
// A value reads as it would stand in a CSV file: numbers in their shortest form, decimals with their scale, true and false, dates as 2006-01-02, points of time
// as 2006-01-02 15:04:05 in UTC, without fractions of a second, times as 15:04:05, and null as an empty text. Columns inside lists, maps and structures,
// and of other types, cannot be read and are left out.
package parquet
