package metadata

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/pflag"

	"github.com/alita-network/alita/client/publisher"
	"github.com/alita-network/alita/client/publisher/document"
	"github.com/alita-network/alita/rows/source"
)

// The flags of commands that read a document.
const (
	flagSelect      = "select"
	flagName        = "name"
	flagDescription = "description"
	flagLicense     = "license"
	flagCreator     = "creator"
	flagKeyword     = "keyword"
	// A flag named version would take its value from the key of that name in the node's configuration file.
	flagVersion    = "record-version"
	flagFile       = "file"
	flagFileFormat = "file-format"
)

func addDocumentFlags(f *pflag.FlagSet) {
	f.String(flagSelect, "", "the Dataset to take if a document describes several: its @id, or its number from 0")
	f.String(flagName, "", "the title, in place of the document's")
	f.String(flagDescription, "", "the description, 50 to 5,000 characters, in place of the document's")
	f.String(flagLicense, "", "the licence, in place of the document's: an SPDX identifier such as CC-BY-4.0, or an https address")
	f.StringArray(flagCreator, nil, "a creator, in place of the document's; \"org:\" before the name says that it is an organization, \"<https://orcid.org/...>\" after it gives its identifier; can be repeated")
	f.StringArray(flagKeyword, nil, "a keyword, in place of the document's; can be repeated")
	f.String(flagVersion, "", "the version (SemVer), in place of the document's")
	f.String(flagFile, "", "the local file with the data; it is read here and never sent")
	f.String(flagFileFormat, "", "csv or jsonl; by default the format that the file's name has")
}

// input is the input of a command: a document with the flags about it, and the local file if one is named.
type input struct {
	document []byte
	options  document.Options
	file     *publisher.File
}

func readInput(f *pflag.FlagSet, path string) (input, error) {
	var in input
	var errs []error
	text := func(name string) string {
		s, err := f.GetString(name)
		errs = append(errs, err)
		return s
	}
	list := func(name string) []string {
		s, err := f.GetStringArray(name)
		errs = append(errs, err)
		return s
	}
	in.options = document.Options{
		Select: text(flagSelect), Name: text(flagName), Description: text(flagDescription), License: text(flagLicense),
		Creators: list(flagCreator), Keywords: list(flagKeyword), Version: text(flagVersion),
	}
	file, format := text(flagFile), text(flagFileFormat)
	err := errors.Join(errs...)
	if err != nil {
		return in, err
	}
	if in.document, err = readDocument(path); err != nil {
		return in, err
	}
	if file != "" {
		in.file, err = readFile(file, format)
	}
	return in, err
}

// readFile reads the local file. An error names it without its folder.
func readFile(path, format string) (*publisher.File, error) {
	var kind source.Format
	var err error
	if format != "" {
		if kind, err = source.ParseFormat(format); err != nil {
			return nil, fmt.Errorf("--%s: %w", flagFileFormat, err)
		}
	}
	f, err := publisher.ReadFile(path, kind)
	if errors.Is(err, source.ErrFormat) {
		return nil, fmt.Errorf("--%s: %w; --%s says which it is", flagFile, err, flagFileFormat)
	}
	if err != nil {
		return nil, fmt.Errorf("--%s: %w", flagFile, err)
	}
	return f, nil
}

// readDocument reads at most one byte more than a document may have: the check refuses a larger one by its size.
func readDocument(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s: expected a regular file, got %s", path, info.Mode().Type())
	}
	return io.ReadAll(io.LimitReader(f, document.MaxBytes+1))
}
