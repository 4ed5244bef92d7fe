// Package logs holds callbacks that keep a file with one line per epoch: CSVLog and JSONLog.
package logs
