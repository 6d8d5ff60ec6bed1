package source

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
)

// Location is sealed in a record: where its file lies on the owner's machine, how to read it, and the
// seed of its rows' salts. It is secret as a whole and prints as "(sealed location)".
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

// UnmarshalLocation reads what Marshal wrote and refuses anything else.
func UnmarshalLocation(data []byte) (Location, error) {
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	var j locationJSON
	// The decoder's errors can quote the input, so they go no further.
	if err := d.Decode(&j); err != nil {
		return Location{}, fmt.Errorf("%w: not the JSON of a location", ErrLocation)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return Location{}, fmt.Errorf("%w: data after the JSON", ErrLocation)
	}
	if j.Version != 1 || len(j.Seed) != SeedSize {
		return Location{}, fmt.Errorf("%w: version %d with a seed of %d bytes; version 1 with %d is read",
			ErrLocation, j.Version, len(j.Seed), SeedSize)
	}
	l := Location{Path: j.Path, Format: Format(j.Format), Seed: [SeedSize]byte(j.Seed)}
	return l, l.check()
}

func (l Location) check() error {
	if l.Format != CSV && l.Format != JSONLines {
		return fmt.Errorf("%w: %w", ErrLocation, ErrFormat)
	}
	if !filepath.IsAbs(l.Path) || filepath.Clean(l.Path) != l.Path {
		return fmt.Errorf("%w: the path must be absolute and clean", ErrLocation)
	}
	return nil
}

// String keeps path and seed out of logs.
func (l Location) String() string { return "(sealed location)" }

// GoString is String.
func (l Location) GoString() string { return l.String() }
