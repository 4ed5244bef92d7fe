package stream_test

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/selfnorm/selfnorm/train/predict/stream"
)

// Words are answered by their lengths, in a file that a later process would continue if this one were killed.
func Example() {
	words := strings.Fields("self normalizing neural networks")
	next := func() (string, error) {
		if len(words) == 0 {
			return "", io.EOF
		}
		word := words[0]
		words = words[1:]
		return word, nil
	}
	columns := []stream.Column{{Name: "word"}, {Name: "length", Format: func(v float64) string { return fmt.Sprint(v) }}}

	dir, err := os.MkdirTemp("", "stream")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "lengths.csv")
	file, before, err := stream.Create(path, []stream.Fact{{Name: "model", Value: "length"}}, false)
	if err != nil {
		panic(err)
	}
	defer file.Close()
	blocks, err := stream.NewBlocks(stream.Source[string]{Next: next, Rows: 2, Text: func(w string) []string { return []string{w} }})
	if err != nil {
		panic(err)
	}
	ctx := context.Background()
	if err := blocks.Skip(ctx, before.Place); err != nil { // the words that an earlier process has answered
		panic(err)
	}
	type answers struct {
		text  []byte
		after stream.Place
	}
	predict := func(_ context.Context, b *stream.Block[string]) (answers, error) {
		var rows [][]stream.Value
		for _, word := range b.Records {
			rows = append(rows, []stream.Value{{Text: word}, {Number: float64(len(word))}})
		}
		text, err := stream.AppendCSV(nil, columns, rows)
		return answers{text, b.After}, err
	}
	err = stream.Run(ctx, 0, blocks.Next, predict, func(a answers) error {
		return file.Append(a.text, stream.State{Place: a.after})
	})
	if err == nil {
		err = file.Publish()
	}
	if err != nil {
		panic(err)
	}
	text, err := os.ReadFile(path)
	fmt.Print(string(text), err)
	// Output:
	// self,4
	// normalizing,11
	// neural,6
	// networks,8
	// <nil>
}
