package source

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
)

// Location is sealed in a record. It has the path of the record's file on the owner's machine, the file's format, and
// the seed of its rows' salts. All of it is secret, and it prints as "(sealed location)".
type Location struct {
	Path   string
	Format Format
	Seed   [SeedSize]byte
}

// ErrLocation is returned for an unusable location, without its content.
var ErrLocation = errors.New("unusable location")

type locationJSON struct {
	Version int    `json:"v"`
	Path    string `json:"path"`
	Format  string `json:"format"`
	Seed    []byte `json:"seed"`
}

// Marshal is the plaintext to seal: JSON with the members v (1), path (absolute), format and seed (base64).
func (l Location) Marshal() ([]byte, error) {
	if err := l.check(); err != nil {
		return nil, err
	}
	return json.Marshal(locationJSON{1, l.Path, string(l.Format), l.Seed[:]})
}

// UnmarshalLocation reads the output of Marshal and refuses everything else.
func UnmarshalLocation(data []byte) (Location, error) {
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	var j locationJSON
	// The decoder's errors can quote the input, so they go no further.
	if err := d.Decode(&j); err != nil {
		return Location{}, fmt.Errorf("%w: expected the JSON of a location, got other bytes", ErrLocation)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return Location{}, fmt.Errorf("%w: expected nothing after the JSON, got more bytes", ErrLocation)
	}
	if j.Version != 1 || len(j.Seed) != SeedSize {
		return Location{}, fmt.Errorf("%w: version and bytes of the seed: expected 1 and %d, got %d and %d",
			ErrLocation, SeedSize, j.Version, len(j.Seed))
	}
	l := Location{Path: j.Path, Format: Format(j.Format), Seed: [SeedSize]byte(j.Seed)}
	return l, l.check()
}

func (l Location) check() error {
	if l.Format != CSV && l.Format != JSONLines {
		return fmt.Errorf("%w: %w: expected csv or jsonl, got another", ErrLocation, ErrFormat)
	}
	if !filepath.IsAbs(l.Path) || filepath.Clean(l.Path) != l.Path {
		return fmt.Errorf("%w: path: expected an absolute and clean one, got another", ErrLocation)
	}
	return nil
}

// String keeps path and seed out of logs.
func (l Location) String() string { return "(sealed location)" }

// GoString is String.
func (l Location) GoString() string { return l.String() }
