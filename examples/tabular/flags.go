package main

import (
	"context"
	stdcsv "encoding/csv"
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
	"github.com/selfnorm/selfnorm/examples/internal/training"
	"github.com/selfnorm/selfnorm/graphs"
)

// defaultTable is the built-in table to train on without -data.
const defaultTable = "breast-cancer"

// about says for -help what the program does.
const about = "Trains a network on your own table, a CSV file: classes, several labels, or numbers. Then it predicts new rows (-predict)\n" +
	"explains predictions (-explain), or says how good they are (-evaluate). Without -data it trains on a built-in table."

// options are the flags.
type options struct {
	training.Flags
	defaults
	explaining
	target                       string
	batchGiven, commaGiven       bool // -batch and -decimal-comma
	table                        csv.Options
	testShare, validationShare   float64
	splitSeed                    uint64
	patience                     int
	evaluate                     string
	ignore, categorical, numeric string
	comma, header, missing       string
	problem                      string
	maxMemory                    float64
	calibrate                    bool
	coverage                     float64
	split, scale                 string
	comparing
	parts
	tuning
	stderr io.Writer

	action func(ctx context.Context, o options, w io.Writer) error
}

// parseFlags returns the options, or an exit code >= 0 if the program must end at once.
func parseFlags(args []string, stderr io.Writer) (options, int) {
	o := options{stderr: stderr, Flags: training.Flags{
		Net: "snn", Hidden: graphs.Hidden{Layers: 3, Units: 128},
		Optimizer: "adam", Rate: 1e-3, Schedule: "cosine", Batch: 64, Epochs: 100, Seed: 1,
	}}
	f := flag.NewFlagSet("tabular", flag.ContinueOnError)
	o.Register(f, "CSV file, - for the standard input, or one of the built-in tables "+strings.Join(classics.Names(), ", ")+"; otherwise "+defaultTable,
		"file with new rows, CSV or lines of JSON, plain or gzip, or Parquet, or - for the standard input, to predict with the networks of -model")
	f.Lookup("batch").Usage = fmt.Sprintf("rows of a training step; otherwise %d to %d, by the size of the table", minBatch, maxBatch)
	f.Lookup("batch").DefValue = "0"
	f.StringVar(&o.target, "target", "", "column to predict, by its name or number (-1 is the last one); several, separated by commas, are predicted together; a name with a comma goes in double quotes: -target '\"weight, kg\"'")
	f.StringVar(&o.problem, "problem", "", "kind of target: classes, binary (each target is 0 or 1) or regression; otherwise its values decide")
	f.StringVar(&o.table.ID, "id", "", "column with the names of the rows, which is not a feature")
	f.StringVar(&o.ignore, "ignore", "", "columns to leave out, separated by commas, as in -target")
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
	f.BoolVar(&o.calibrate, "calibrate", true, "calibrate the probabilities on the validation rows")
	f.Float64Var(&o.coverage, "coverage", 0, "probability, such as 0.9, with which sets of classes or intervals hold the truth: judged in training, and columns of -predict; 0 means none")
	f.Float64Var(&o.maxMemory, "max-memory", 1, "GiB of memory that the table may take")
	o.registerDefaults(f)
	f.StringVar(&o.evaluate, "evaluate", "", "CSV file with rows that have the target, to judge the networks of -model on")
	o.explaining.register(f)
	o.registerRows(f)
	o.comparing.register(f)
	o.registerScale(f)
	o.registerParts(f)
	o.registerSearch(f)
	code := program.Parse(f, about, args, stderr, func() error { return o.check(program.Given(f)) })
	return o, code
}

// check returns an error for flags that make no sense, and chooses what the program does.
func (o *options) check(given map[string]bool) error {
	switch {
	case given["predict"]:
		o.action = predict
		if err := o.CheckUse("predict", o.Predict, given, "out", "id", "coverage", "threads", "q"); err != nil {
			return err
		}
		return program.CheckAll(o.checkThreads(), o.checkCoverage(given))
	case given["explain"]:
		o.action = explainRows
		if err := o.CheckUse("explain", o.explain, given, "out", "of", "report", "id", "max-memory"); err != nil {
			return err
		}
		return program.CheckAll(o.checkMemory())
	case given["evaluate"]:
		o.action = evaluate
		if err := o.CheckUse("evaluate", o.evaluate, given, "json", "max-memory"); err != nil {
			return err
		}
		return program.CheckAll(o.checkMemory())
	}
	o.action = trainNetworks
	if err := o.Check(); err != nil {
		return err
	}
	if err := o.setDefaults(given); err != nil {
		return err
	}
	o.batchGiven, o.commaGiven = given["batch"], given["decimal-comma"]
	builtIn := o.builtIn() != ""
	for _, name := range []string{"target", "problem", "id", "ignore", "categorical", "numeric", "header", "comma", "decimal-comma", "missing", "max-memory", "weight", "group", "split"} {
		if builtIn && given[name] {
			return errors.Errorf("-%s: a built-in table has none; name a file with -data", name)
		}
	}
	if err := o.checkTable(); err != nil {
		return err
	}
	for _, check := range []func() error{o.checkRows, o.checkParts, func() error { return o.checkSearch(given) }} {
		if err := check(); err != nil {
			return err
		}
	}
	return program.CheckAll(
		o.checkMemory(), o.checkCoverage(given), o.comparing.check(), o.checkScale(), o.checkOf(given),
		program.Check{Flag: "target", OK: builtIn || o.target != "", Got: o.target, Want: "the column to predict; -target -1 is the last one"},
		program.Check{Flag: "test-share", OK: o.testShare >= 0 && o.testShare <= 0.9, Got: o.testShare, Want: "0 to 0.9"},
		program.Check{Flag: "validation-share", OK: o.validationShare >= 0 && o.validationShare <= 0.9, Got: o.validationShare, Want: "0 to 0.9"},
		program.Check{Flag: "validation-share", OK: !o.Members.Folds || !given["validation-share"], Got: o.validationShare,
			Want: "-ensemble without folds; each fold is the validation part of one network"},
		program.Check{Flag: "patience", OK: o.patience >= 0, Got: o.patience, Want: "0 or more"},
	)
}

// checkTable fills in the options of the table from the texts of the flags.
func (o *options) checkTable() error {
	t := &o.table
	for _, f := range []struct {
		flag, text string
		to         *[]string
	}{{"target", o.target, &t.Targets}, {"ignore", o.ignore, &t.Ignore}, {"categorical", o.categorical, &t.Categorical}, {"numeric", o.numeric, &t.Numeric},
		{"missing", o.missing, &t.Missing}} {
		var err error
		if *f.to, err = names(f.text); err != nil {
			return errors.Wrap(err, "-"+f.flag)
		}
	}
	t.Problem, t.Header = csv.Problem(o.problem), csv.Header(o.header)
	t.Auto, t.DecimalPoint, t.Setting = true, o.commaGiven && !t.DecimalComma, flagFor
	t.MaxMemory = o.memory()
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

// builtIn is the name of a built-in table to train on, or empty for a file.
func (o *options) builtIn() string {
	switch o.Data {
	case "":
		return defaultTable
	case standardInput:
		return ""
	}
	if _, err := os.Stat(o.Data); err != nil && slices.Contains(classics.Names(), o.Data) {
		return o.Data
	}
	return ""
}

// names splits a list at its commas. A name that holds one is in double quotes.
func names(text string) ([]string, error) {
	if text == "" {
		return nil, nil
	}
	if !strings.HasPrefix(text, `"`) && !strings.Contains(text, `,"`) { // a quote inside a name means nothing
		return strings.Split(text, ","), nil
	}
	list, err := stdcsv.NewReader(strings.NewReader(text)).Read()
	if err != nil {
		return nil, errors.Errorf("%s: want names separated by commas, one with a comma in double quotes", text)
	}
	return list, nil
}

// flagFor words the advice to set an option of a table.
func flagFor(option, value string) string {
	quoted := value
	if strings.ContainsAny(value, `, "'`) {
		quoted = "'" + value + "'"
		if strings.Contains(value, ",") {
			quoted = `'"` + value + `"'`
		}
	}
	if len(quoted) > 60 {
		quoted = "COLUMN"
	}
	switch option {
	case "DecimalPoint":
		return "-decimal-comma=false"
	case "DecimalComma":
		return "-decimal-comma"
	case "MaxMemory":
		return "-max-memory GIB"
	case "comma in a name":
		return `put a name with a comma in double quotes, such as -target '"weight, kg"'`
	}
	flag := "-" + strings.ToLower(option)
	if quoted == "" {
		return flag
	}
	return flag + " " + quoted
}

// checkOf checks -of for a training.
func (o *options) checkOf(given map[string]bool) program.Check {
	return program.Check{Flag: "of", OK: !given["of"], Got: o.of, Want: "-explain beside it"}
}

// checkThreads checks -threads.
func (o *options) checkThreads() program.Check {
	return program.Check{Flag: "threads", OK: o.Threads >= 0 && o.Threads <= 1024, Got: o.Threads, Want: "0 to 1024"}
}

// checkMemory checks -max-memory.
func (o *options) checkMemory() program.Check {
	return program.Check{Flag: "max-memory", OK: o.maxMemory > 0 && o.maxMemory <= 1<<20, Got: o.maxMemory, Want: "a positive number of GiB, at most 1048576"}
}

// checkCoverage checks -coverage.
func (o *options) checkCoverage(given map[string]bool) program.Check {
	return program.Check{Flag: "coverage", OK: !given["coverage"] || o.coverage > 0 && o.coverage < 1, Got: o.coverage, Want: "a number above 0 and below 1"}
}

// memory returns -max-memory in bytes.
func (o *options) memory() int64 { return max(1, int64(o.maxMemory*(1<<30))) }
