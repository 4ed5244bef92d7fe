// Package stream answers the records of a source of any length, such as the rows of a file that is larger than the memory: in order, each
// once, on several goroutines, in memory that does not grow with the source.
//
//	blocks, err := stream.NewBlocks(stream.Source[string]{Next: lines, Text: text, Rows: 100})
//	file, before, err := stream.Create("out.csv", facts, false) // before: how far an earlier process has come
//	err = blocks.Skip(ctx, before.Place)
//	err = stream.Run(ctx, 0, blocks.Next, predict, func(b answered) error { return file.Append(b.text, b.state) })
//	err = file.Publish()
//
// [Run] is the pipeline, [Blocks] cuts a source into blocks and keeps a checksum of what it has read, and [File] and [Parts] are outputs that a
// process continues after it was killed. [AppendCSV] writes answers as text.
//
// # What is left of a run that was killed
//
// A [File] grows as NAME.partial and has its name once it is whole. Beside it, NAME.partial.json says what the answers were computed from, how
// many records are answered, how many bytes their answers take, and the checksum of these records. A later process continues only if all of
// that agrees; it cuts off what was written after the last entry. So the bytes are those of a process that was left alone.
package stream
