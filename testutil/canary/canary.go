// Package canary searches for a marker where it must not be: in files, in the
// databases of a node (whose files are compressed) and in recorded traffic.
package canary

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	dbm "github.com/cosmos/cosmos-db"
)

// Marker is a random text with the encodings in which it could leak.
type Marker struct {
	text  string
	forms map[string][]byte
}

// New returns a random marker of 128 bits.
func New() (Marker, error) {
	random := make([]byte, 16)
	if _, err := rand.Read(random); err != nil {
		return Marker{}, err
	}
	return Of("canary" + hex.EncodeToString(random)), nil
}

// Of returns the marker of a text of at least 12 bytes.
func Of(text string) Marker {
	raw := []byte(text)
	forms := map[string][]byte{
		"plain": raw,
		"hex":   []byte(hex.EncodeToString(raw)),
		"HEX":   []byte(strings.ToUpper(hex.EncodeToString(raw))),
	}
	// A text inside a longer one starts at any of three positions of the base64
	// groups; what depends on its neighbours is cut off at both ends.
	for shift := range 3 {
		whole := raw[(3-shift)%3:]
		whole = whole[:len(whole)/3*3]
		forms[fmt.Sprintf("base64+%d", shift)] = []byte(base64.StdEncoding.EncodeToString(whole))
	}
	return Marker{text: text, forms: forms}
}

// String is the marker itself.
func (m Marker) String() string { return m.text }

// In names the first form of the marker that occurs in bytes, or nothing.
func (m Marker) In(bz []byte) string {
	for _, name := range []string{"plain", "hex", "HEX", "base64+0", "base64+1", "base64+2"} {
		if bytes.Contains(bz, m.forms[name]) {
			return name
		}
	}
	return ""
}

// Found is one occurrence of the marker.
type Found struct {
	// Where names the file, or the database and the key.
	Where string

	// Form is the encoding.
	Form string
}

// Searched says what a search has read.
type Searched struct {
	// Files and Bytes count plain files.
	Files int
	Bytes int64

	// Databases and Entries count databases, opened and read.
	Databases int
	Entries   int64
}

// Tree searches every file below a directory, and every entry of every
// database. The process that writes the databases must have ended.
func (m Marker) Tree(root string) ([]Found, Searched, error) {
	var found []Found
	var searched Searched
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if !strings.HasSuffix(path, ".db") {
				return nil
			}
			inDB, n, err := m.database(path)
			found = append(found, inDB...)
			searched.Databases++
			searched.Entries += n
			return err
		}
		if !d.Type().IsRegular() {
			return nil
		}
		bz, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		searched.Files++
		searched.Bytes += int64(len(bz))
		if form := m.In(bz); form != "" {
			found = append(found, Found{Where: path, Form: form})
		}
		return nil
	})
	return found, searched, err
}

func (m Marker) database(path string) (found []Found, entries int64, err error) {
	db, err := dbm.NewDB(strings.TrimSuffix(filepath.Base(path), ".db"), dbm.GoLevelDBBackend, filepath.Dir(path))
	if err != nil {
		return nil, 0, fmt.Errorf("open %s: %w", path, err)
	}
	defer db.Close()
	it, err := db.Iterator(nil, nil)
	if err != nil {
		return nil, 0, err
	}
	defer it.Close()
	for ; it.Valid(); it.Next() {
		entries++
		if form := m.In(it.Key()); form != "" {
			found = append(found, Found{Where: fmt.Sprintf("%s, a key", path), Form: form})
		}
		if form := m.In(it.Value()); form != "" {
			found = append(found, Found{Where: fmt.Sprintf("%s, key %x", path, it.Key()), Form: form})
		}
	}
	return found, entries, it.Error()
}
