package metadata

import (
	"fmt"
	"io"
	"os"

	"github.com/spf13/pflag"

	"github.com/alita-network/alita/client/publisher/document"
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
	flagPool       = "pool"
	flagWorker     = "worker"
	flagProfile    = "profile"
)

func addDocumentFlags(f *pflag.FlagSet) {
	f.String(flagSelect, "", "the Dataset to take where a document describes several: its @id, or its number from 0")
	f.String(flagName, "", "the title, in place of the document's")
	f.String(flagDescription, "", "the description, 50 to 5,000 characters, in place of the document's")
	f.String(flagLicense, "", "the licence, in place of the document's: an SPDX identifier such as CC-BY-4.0, or an https address")
	f.StringArray(flagCreator, nil, "a creator, in place of the document's; \"org:\" before the name says that it is an organization, \"<https://orcid.org/...>\" after it gives its identifier; can be repeated")
	f.StringArray(flagKeyword, nil, "a keyword, in place of the document's; can be repeated")
	f.String(flagVersion, "", "the version (SemVer), in place of the document's")
	f.String(flagFile, "", "the local file with the data; it is read here and never sent")
	f.String(flagFileFormat, "", "csv or jsonl; by default told from the file's name")
}

// documentOptions reads the flags, and the local file where one is named.
func documentOptions(f *pflag.FlagSet) (document.Options, *localFile, error) {
	var o document.Options
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
	o.Select, o.Name, o.Description, o.License = text(flagSelect), text(flagName), text(flagDescription), text(flagLicense)
	o.Version = text(flagVersion)
	o.Creators, o.Keywords = list(flagCreator), list(flagKeyword)
	path, format := text(flagFile), text(flagFileFormat)
	for _, err := range errs {
		if err != nil {
			return o, nil, err
		}
	}
	if path == "" {
		return o, nil, nil
	}
	local, err := readLocalFile(path, format)
	if err != nil {
		return o, nil, err
	}
	local.describe(&o)
	return o, local, nil
}

// readDocument reads at most one byte more than a document may have: what is larger is refused by its size.
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
		return nil, fmt.Errorf("%s is not a regular file", path)
	}
	return io.ReadAll(io.LimitReader(f, document.MaxBytes+1))
}
