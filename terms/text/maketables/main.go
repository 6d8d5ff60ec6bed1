// Maketables writes the tables of package text from the files of the Unicode Character Database and of Unicode
// Technical Standard 39, all of version 15.0.0:
//
//	go run ./terms/text/maketables -ucd DIR -out terms/text/tables.go
//
// DIR holds the five files that are listed below. Unicode publishes them at https://www.unicode.org/Public, and
// Debian 12 packages them as unicode-data and in the sources of icu 72.
package main

import (
	"crypto/sha256"
	"encoding/hex"
	"flag"
	"fmt"
	"go/format"
	"log"
	"os"
	"path/filepath"
)

// The files, with their SHA-256.
var sources = map[string]string{
	"UnicodeData.txt":               "806e9aed65037197f1ec85e12be6e8cd870fc5608b4de0fffd990f689f376a73",
	"PropList.txt":                  "e05c0a2811d113dae4abd832884199a3ea8d187ee1b872d8240a788a96540bfd",
	"DerivedCoreProperties.txt":     "d367290bc0867e6b484c68370530bdd1a08b6b32404601b8c7accaf83e05628d",
	"DerivedNormalizationProps.txt": "d5687a48c95c7d6e1ec59cb29c0f2e8b052018eb069a4371b7368d0561e12a29",
	"confusables.txt":               "2b10130885c3370b101c52d7baedc452ab7f0e257b86c1e52ee657ecfc29ce64",
}

func main() {
	dir := flag.String("ucd", "", "folder of the files of Unicode 15.0.0")
	out := flag.String("out", "", "file to write")
	flag.Parse()
	if err := run(*dir, *out); err != nil {
		log.Fatal(err)
	}
}

func run(dir, out string) error {
	if dir == "" || out == "" {
		return fmt.Errorf("flags: expected -ucd DIR and -out FILE, got %q and %q", dir, out)
	}
	files := make(map[string]string, len(sources))
	for name, want := range sources {
		b, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			return err
		}
		if sum := sha256.Sum256(b); hex.EncodeToString(sum[:]) != want {
			return fmt.Errorf("%s: expected the file of Unicode 15.0.0 with SHA-256 %s, got %x", name, want, sum)
		}
		files[name] = string(b)
	}
	db, err := read(files)
	if err != nil {
		return err
	}
	text, sizes, err := db.tables()
	if err != nil {
		return err
	}
	source, err := format.Source(text)
	if err != nil {
		return err
	}
	fmt.Print(sizes)
	return os.WriteFile(out, source, 0o644) //nolint:gosec // source code that everybody may read
}
