package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets/classics"
	"github.com/selfnorm/selfnorm/datasets/csv"
	"github.com/selfnorm/selfnorm/examples/internal/program"
	"github.com/selfnorm/selfnorm/graphs"
)

// defaultTable is the built-in table to train on without -data.
const defaultTable = "breast-cancer"

// options are the flags.
type options struct {
	program.Flags
	data, target                 string
	batchGiven, commaGiven       bool // -batch and -decimal-comma
	table                        csv.Options
	testShare, validationShare   float64
	splitSeed                    uint64
	patience                     int
	out, predict, evaluate       string
	model                        string
	ignore, categorical, numeric string
	comma, header, missing       string
	problem                      string
}

// The flags that mean something beside -predict and -evaluate.
var (
	withPredict  = []string{"predict", "model", "out", "id"}
	withEvaluate = []string{"evaluate", "model"}
)

// parseFlags returns the options, or an exit code >= 0 if the program is to end at once.
func parseFlags(args []string, stderr io.Writer) (options, int) {
	o := options{Flags: program.Flags{
		Net: "snn", Hidden: graphs.Hidden{Layers: 3, Units: 128},
		Optimizer: "adam", Rate: 1e-3, Schedule: "cosine", Batch: 64, Epochs: 100, Seed: 1,
	}}
	f := flag.NewFlagSet("tabular", flag.ContinueOnError)
	o.Register(f)
	f.Lookup("batch").Usage = fmt.Sprintf("rows of a training step; otherwise %d to %d, by the size of the table", minBatch, maxBatch)
	f.Lookup("batch").DefValue = "0"
	f.StringVar(&o.data, "data", "", "CSV file, or one of the built-in tables "+strings.Join(classics.Names(), ", ")+"; otherwise "+defaultTable)
	f.StringVar(&o.target, "target", "", "column to predict, by its name or number (-1 is the last one); several, separated by commas, are predicted together")
	f.StringVar(&o.problem, "problem", "", "what the target is: classes, binary (each target is 0 or 1) or regression; otherwise its values decide")
	f.StringVar(&o.table.ID, "id", "", "column with the names of the rows, which is no feature")
	f.StringVar(&o.ignore, "ignore", "", "columns to leave out, separated by commas")
	f.StringVar(&o.categorical, "categorical", "", "columns whose values are categories though they look like numbers, or are more than 100 texts")
	f.StringVar(&o.numeric, "numeric", "", "columns in which anything but a number is an error")
	f.StringVar(&o.header, "header", "", "whether the first line names the columns, yes or no; otherwise it does if no number is in it, or the target")
	f.StringVar(&o.comma, "comma", "", "what separates fields, one character or tab; otherwise that of comma, semicolon, tab and bar which divides the lines evenly")
	f.BoolVar(&o.table.DecimalComma, "decimal-comma", false, "read 1,5 as one and a half; otherwise that is done if it makes numbers of texts and no commas separate fields")
	f.StringVar(&o.missing, "missing", "", "texts that stand for no value, separated by commas; otherwise "+strings.Join(csv.DefaultMissing(), ","))
	f.Float64Var(&o.testShare, "test-share", 0.2, "share of the rows for the test; 0 means none")
	f.Float64Var(&o.validationShare, "validation-share", 0.2, "share of the other rows to choose the best epoch by; 0 means that the last one is taken")
	f.Uint64Var(&o.splitSeed, "split-seed", 1, "seed that deals the rows between training, validation, test and folds")
	f.IntVar(&o.patience, "patience", 20, "epochs without a better validation loss after which a training ends; 0 means never")
	f.StringVar(&o.out, "out", "", "file to save the networks and all that a prediction needs in; with -predict, file for the predictions")
	f.StringVar(&o.predict, "predict", "", "CSV file with new rows to predict with the networks of -model")
	f.StringVar(&o.evaluate, "evaluate", "", "CSV file with rows that have the target, to judge the networks of -model on")
	f.StringVar(&o.model, "model", "", "file that -out has written in training")
	code := program.Parse(f, args, stderr, func() error { return o.check(program.Given(f)) })
	return o, code
}

// check returns an error for flags that make no sense.
func (o *options) check(given map[string]bool) error {
	switch {
	case o.predict != "":
		return o.checkUse("predict", given, withPredict)
	case o.evaluate != "":
		return o.checkUse("evaluate", given, withEvaluate)
	}
	if err := o.Check(); err != nil {
		return err
	}
	o.batchGiven, o.commaGiven = given["batch"], given["decimal-comma"]
	builtIn := o.builtIn() != ""
	for _, name := range []string{"target", "problem", "id", "ignore", "categorical", "numeric", "header", "comma", "decimal-comma", "missing"} {
		if builtIn && given[name] {
			return errors.Errorf("-%s: it is about a file; name one with -data", name)
		}
	}
	if err := o.checkTable(); err != nil {
		return err
	}
	return program.CheckAll(
		program.Check{Flag: "target", OK: builtIn || o.target != "", Got: o.target, Want: "the column to predict; -target -1 is the last one"},
		program.Check{Flag: "test-share", OK: o.testShare >= 0 && o.testShare <= 0.9, Got: o.testShare, Want: "0 to 0.9"},
		program.Check{Flag: "validation-share", OK: o.validationShare >= 0 && o.validationShare <= 0.9, Got: o.validationShare, Want: "0 to 0.9"},
		program.Check{Flag: "validation-share", OK: !o.Members.Folds || !given["validation-share"], Got: o.validationShare,
			Want: "no folds, of which each is the validation part of a network"},
		program.Check{Flag: "patience", OK: o.patience >= 0, Got: o.patience, Want: "0 or more"},
		program.Check{Flag: "model", OK: o.model == "", Got: o.model, Want: "-predict or -evaluate with the new rows beside it"},
	)
}

// checkUse checks the flags of a run that uses the networks of -model.
func (o *options) checkUse(flag string, given map[string]bool, meaningful []string) error {
	for name := range given {
		if !slices.Contains(meaningful, name) {
			return errors.Errorf("-%s: it means nothing beside -%s", name, flag)
		}
	}
	if o.model == "" {
		return errors.Errorf("-%s: want the file of trained networks, -model FILE", flag)
	}
	return nil
}

// checkTable completes the options of the table from the flags' texts.
func (o *options) checkTable() error {
	t := &o.table
	t.Targets, t.Ignore, t.Categorical, t.Numeric = list(o.target), list(o.ignore), list(o.categorical), list(o.numeric)
	t.Problem, t.Header, t.Missing = csv.Problem(o.problem), csv.Header(o.header), list(o.missing)
	if o.comma == "tab" || o.comma == `\t` {
		o.comma = "\t"
	}
	for _, c := range o.comma {
		t.Comma = c
	}
	return program.CheckAll(
		program.Check{Flag: "problem", OK: slices.Contains([]csv.Problem{"", csv.Classes, csv.Binary, csv.Regression}, t.Problem), Got: o.problem,
			Want: "classes, binary or regression"},
		program.Check{Flag: "header", OK: slices.Contains([]csv.Header{csv.HeaderAuto, csv.HeaderYes, csv.HeaderNo}, t.Header), Got: o.header, Want: "yes or no"},
		program.Check{Flag: "comma", OK: utf8.RuneCountInString(o.comma) <= 1 && !strings.ContainsRune("\"\r\n\uFFFD.+-", t.Comma), Got: fmt.Sprintf("%q", o.comma),
			Want: "one character, or tab"},
		program.Check{Flag: "comma", OK: t.Comma != ',' || !t.DecimalComma, Got: o.comma, Want: "another character with -decimal-comma"},
	)
}

// list divides a text at its commas.
func list(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(text, ",")
}

// builtIn is the name of a built-in table to train on, or empty for a file.
func (o *options) builtIn() string {
	if o.data == "" {
		return defaultTable
	}
	if _, err := os.Stat(o.data); err != nil && slices.Contains(classics.Names(), o.data) {
		return o.data
	}
	return ""
}
