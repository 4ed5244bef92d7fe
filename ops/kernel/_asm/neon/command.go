package neon

import (
	"flag"
	"log"
	"os"
	"strings"
)

// Generate writes the file as avo's function of that name does: to the files that the flags -out and -stubs name, for the package that -pkg names.
func (f *File) Generate(program string) {
	value := func(name string) string { return flag.Lookup(name).Value.String() }
	command := "go run ./" + program + " " + strings.Join(os.Args[1:], " ")
	if err := f.Write(command, value("pkg"), value("out"), value("stubs")); err != nil {
		log.Fatal(err)
	}
}
