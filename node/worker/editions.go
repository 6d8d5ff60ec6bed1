package worker

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/alita-network/alita/crypto/seal"
	"github.com/alita-network/alita/node/home"
	"github.com/alita-network/alita/rows/source"
)

// Editions are the contents of the owner's records in editions of panels, in a folder that only the owner enters: a copy of each content
// while its edition goes on, and for ever a keyed tag of each of its rows. So what is done to the record's own file does not change a
// panel's answers, and rows that gave exact answers over a panel are found again.
//
// A tag is the first 8 bytes of an HMAC-SHA256 of the row in its canonical form, under a secret that follows from the key file. It does not
// depend on the seed, the order of rows or the names of columns.
type Editions struct {
	folder string
	key    []byte
}

// Errors of Editions.
var (
	// ErrOldRows means that rows were in an edition of a panel.
	ErrOldRows = errors.New("rows")
	// ErrSameContent means that a content differs from an earlier one in no row.
	ErrSameContent = errors.New("content")
)

const (
	tagSize      = 8
	copySuffix   = ".rows"
	tagsSuffix   = ".tags"
	directSuffix = ".direct" // tags of what was delivered directly
)

// OpenEditions opens the folder of a worker's editions, or makes it.
func OpenEditions(folder string, key seal.PrivateKey) (*Editions, error) {
	seed, err := key.Bytes()
	if err != nil {
		return nil, errors.New("key: expected the key file's, got none")
	}
	secret, err := hkdf.Key(sha256.New, seed, nil, "alita/worker/row-tag/v1", sha256.Size)
	if err != nil {
		return nil, err
	}
	return &Editions{folder: folder, key: secret}, home.Create(folder)
}

// Content names a content that is or was in an edition: a record, and the number of its version.
type Content struct {
	Record string
	Number uint32
}

func (c Content) file(suffix string) string {
	return fmt.Sprintf("%s-%d%s", c.Record, c.Number, suffix)
}

// tags are the tags of the rows of a content, sorted; equal rows have equal tags.
type tags []uint64

// Copy returns the path of the copy of a content, and whether there is one.
func (e *Editions) Copy(c Content) (path string, found bool) {
	path = filepath.Join(e.folder, c.file(copySuffix))
	_, err := os.Lstat(path)
	return path, err == nil
}

// Keep copies the file of a content that is in an edition, and keeps the tags of its rows. The error is source.ErrChanged if the file is
// not the committed one; then nothing is kept.
func (e *Editions) Keep(c Content, file source.Committed) error {
	if err := e.Prepare(c, file); err != nil {
		return err
	}
	if e.Known(c) {
		return nil
	}
	file.Path, _ = e.Copy(c)
	of, err := e.tagsOf(file)
	if err != nil {
		return err
	}
	return e.write(c, of, tagsSuffix)
}

// Prepare copies the file of a content that is to be in an edition, with mode 0600, unless there is a copy. The error is source.ErrChanged
// if the file is not the committed one.
func (e *Editions) Prepare(c Content, file source.Committed) (err error) {
	path, found := e.Copy(c)
	if found {
		return nil
	}
	copied, err := os.CreateTemp(e.folder, "copy-")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(copied.Name()))
		}
	}()
	if err := copyFile(copied, file.Path); err != nil {
		return errors.Join(err, copied.Close())
	}
	if err := errors.Join(copied.Sync(), copied.Close()); err != nil {
		return err
	}
	file.Path = copied.Name()
	if err := source.EachRow(file, func([]byte) {}); err != nil {
		return err
	}
	return os.Rename(copied.Name(), path)
}

func copyFile(to io.Writer, path string) error {
	from, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { _ = from.Close() }()
	_, err = io.Copy(to, from)
	return err
}

// Drop removes the copies of a record's contents before a version's number. Their tags stay.
func (e *Editions) Drop(record string, before uint32) error {
	all, err := e.contents(copySuffix)
	if err != nil {
		return err
	}
	for _, c := range all {
		if c.Record == record && c.Number < before {
			if err := os.Remove(filepath.Join(e.folder, c.file(copySuffix))); err != nil {
				return err
			}
		}
	}
	return nil
}

// CheckNew checks the rows of a content before it joins a panel or the next edition of one. None of them may have been in a panel with
// another record, or the two panels' sums would be about the same rows, nor delivered directly (ErrOldRows). And the content must differ from every earlier one of
// the record in at least one row, or it would be the old content under a new seed (ErrSameContent).
func (e *Editions) CheckNew(c Content, file source.Committed) error {
	of, err := e.tagsOf(file)
	if err != nil {
		return err
	}
	all, err := e.contents(tagsSuffix)
	if err != nil {
		return err
	}
	if n, err := e.meets(of, directSuffix, Content{}); err != nil || n > 0 {
		return errors.Join(err, oldRows(n, len(of), "delivered directly"))
	}
	for _, earlier := range all {
		if earlier == c {
			continue
		}
		before, err := e.read(earlier, tagsSuffix)
		if err != nil {
			return err
		}
		if earlier.Record == c.Record {
			if slices.Equal(of, before) {
				return fmt.Errorf("%w: expected one that differs in a row from every earlier one of the record, got the rows of version number %d; "+
					"add the version with new rows first", ErrSameContent, earlier.Number)
			}
			continue
		}
		if n := common(of, before); n > 0 {
			return oldRows(n, len(of), "in a panel with record "+earlier.Record)
		}
	}
	return nil
}

func oldRows(n, of int, where string) error {
	if n == 0 {
		return nil
	}
	return fmt.Errorf("%w: expected none that was used before, got %d of %d that were %s; list a record of new rows only", ErrOldRows, n, of, where)
}

// meets counts the tags of a content that are in kept ones, but for those of one content.
func (e *Editions) meets(of tags, suffix string, but Content) (int, error) {
	all, err := e.contents(suffix)
	if err != nil {
		return 0, err
	}
	most := 0
	for _, c := range all {
		if c == but {
			continue
		}
		kept, err := e.read(c, suffix)
		if err != nil {
			return 0, err
		}
		most = max(most, common(of, kept))
	}
	return most, nil
}

// Deliver keeps the tags of a content that is delivered directly, so that its rows join no panel. It refuses rows that are or were in a panel
// (ErrOldRows): the reader would take them from the panel's sums.
func (e *Editions) Deliver(c Content, file source.Committed) error {
	of, err := e.tagsOf(file)
	if err != nil {
		return err
	}
	if n, err := e.meets(of, tagsSuffix, Content{}); err != nil || n > 0 {
		return errors.Join(err, oldRows(n, len(of), "in a panel"))
	}
	return e.write(c, of, directSuffix)
}

// common counts the tags of one sorted list that are in another one.
func common(of, in tags) (n int) {
	for _, t := range of {
		if _, found := slices.BinarySearch(in, t); found {
			n++
		}
	}
	return n
}

func (e *Editions) tagsOf(file source.Committed) (tags, error) {
	mac := hmac.New(sha256.New, e.key)
	of := make(tags, 0, min(file.Rows, 1<<20))
	var sum [sha256.Size]byte
	err := source.EachRow(file, func(row []byte) {
		mac.Reset()
		mac.Write(row)
		of = append(of, binary.BigEndian.Uint64(mac.Sum(sum[:0])))
	})
	slices.Sort(of)
	return of, err
}

// contents are what the folder has files of, in the order of their names.
func (e *Editions) contents(suffix string) ([]Content, error) {
	files, err := os.ReadDir(e.folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var all []Content
	for _, f := range files {
		name, ok := strings.CutSuffix(f.Name(), suffix)
		record, digits, named := strings.Cut(name, "-")
		number, err := strconv.ParseUint(digits, 10, 32)
		if ok && named && err == nil {
			all = append(all, Content{Record: record, Number: uint32(number)})
		}
	}
	return all, nil
}

func (e *Editions) read(c Content, suffix string) (tags, error) {
	data, err := os.ReadFile(filepath.Join(e.folder, c.file(suffix)))
	if err != nil {
		return nil, err
	}
	if len(data)%tagSize != 0 {
		return nil, fmt.Errorf("%s: expected a multiple of %d bytes, got %d", c.file(suffix), tagSize, len(data))
	}
	of := make(tags, len(data)/tagSize)
	for i := range of {
		of[i] = binary.BigEndian.Uint64(data[tagSize*i:])
	}
	return of, nil
}

// write keeps tags. It is atomic: a file of tags is whole or not there.
func (e *Editions) write(c Content, of tags, suffix string) error {
	data := make([]byte, 0, tagSize*len(of))
	for _, t := range of {
		data = binary.BigEndian.AppendUint64(data, t)
	}
	path := filepath.Join(e.folder, c.file(suffix))
	if err := os.WriteFile(path+".new", data, 0o600); err != nil {
		return err
	}
	return os.Rename(path+".new", path)
}

// Known reports whether the tags of a content are kept.
func (e *Editions) Known(c Content) bool {
	_, err := os.Lstat(filepath.Join(e.folder, c.file(tagsSuffix)))
	return err == nil
}
