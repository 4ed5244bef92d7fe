// Package molfiles reads molecules from files as people keep them, one at a time, so that a file of any length takes the memory of one
// record: lists of SMILES, tables with a column of SMILES, and SD files, each plain or compressed by gzip.
//
//	r, err := molfiles.Open("molecules.csv.gz")
//	defer r.Close()
//	for {
//		rec, err := r.Next() // io.EOF after the last one
//		...                  // rec.Err: this molecule cannot be read, the file goes on
//	}
//
// # Formats
//
// The content decides which format a file has; the ending of its name helps for tables (.csv, .tsv). Lines may end in \n, \r\n or \r, and a
// byte order mark is skipped.
//
//   - [SMILES]: a SMILES on each line; everything behind the first blank is its name. Blank lines and lines that start with # are comments
//     and give no record. A first line whose first word is "smiles" is a header.
//   - [Table]: separated by commas, semicolons, tabs or bars. The first line names the columns. The SMILES are in the column "smiles", in any
//     case, or else in the only column whose name holds "smiles"; names are in the column "name", "id" or similar, or in the other of two
//     columns. Fields may be quoted.
//   - [SDF]: MDL molfiles and SD files, as package sdf reads them. The name is the title, or else the data item "name", "id" or similar.
//
// # Limits
//
// A line of SMILES has at most 1 MiB, a field of a table 1 MiB, a record 16 MiB and 100,000 fields, and a molecule chem.MaxAtoms atoms.
// These limits end the reading. Molecules beyond their limit are records with an error, and so are records of an SD file with more than 16 MiB,
// 262,144 lines of 1 MiB, 10,000 data items, or a title of 1,000 bytes, unless no end of the record follows within 64 MiB.
package molfiles
