package source

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"io"
	"path/filepath"

	"github.com/alita-network/alita/crypto/label"
	"github.com/alita-network/alita/crypto/merkle"
)

// SeedSize is the length in bytes of the secret from which the salts of the rows are derived.
const SeedSize = 32

const (
	tagSalt    = "alita/salt/v1"
	tagRow     = "alita/row/v1"
	tagColumns = "alita/columns/v1"
	tagRows    = "alita/rows/v1"
)

// Commitment is what a record states about its file. Without the seed it tells nothing about any row.
type Commitment struct {
	Rows    uint64   // data rows, without the header
	Root    [32]byte // binds every row, their order and number, and the column names
	SHA256  [32]byte // checksum of the file's bytes
	Size    uint64   // length of the file in bytes
	Columns []string // names of all columns in file order
}

// Commit reads the file once and commits to all its rows. The seed must be fresh and random for each
// file and be kept with the file's location: with it, anyone can try out guesses of a row.
//
// The root is H("alita/rows/v1", rows, H("alita/columns/v1", names...), tree), where tree is the RFC 6962
// root over the leaves H("alita/row/v1", salt_j, j, row_j), salt_j is HMAC-SHA256(seed, "alita/salt/v1" || j),
// H is label.Hash, j counts from 0 and row_j is, for each column, a presence byte and the length-prefixed text.
func Commit(path string, format Format, seed [SeedSize]byte) (Commitment, error) {
	rows, err := openRows(path, format, seed)
	if err != nil {
		return Commitment{}, err
	}
	defer rows.close()
	for {
		if _, _, err := rows.next(); errors.Is(err, io.EOF) {
			return rows.commitment(), nil
		} else if err != nil {
			return Commitment{}, err
		}
	}
}

// committedRows reads rows and commits to each as it passes.
type committedRows struct {
	file   io.Closer
	reader rowReader
	name   string
	sum    hash.Hash
	size   counter
	salts  hash.Hash
	tree   merkle.Tree
	buf    []byte
	salt   [sha256.Size]byte
}

func openRows(path string, format Format, seed [SeedSize]byte) (*committedRows, error) {
	f, err := open(path)
	if err != nil {
		return nil, err
	}
	c := &committedRows{file: f, name: filepath.Base(path), sum: sha256.New(), salts: hmac.New(sha256.New, seed[:])}
	c.reader, err = newRowReader(io.TeeReader(f, io.MultiWriter(c.sum, &c.size)), format, c.name)
	if err != nil {
		_ = f.Close()
		return nil, err
	}
	return c, nil
}

func (c *committedRows) close() { _ = c.file.Close() }

func (c *committedRows) next() ([]Field, int, error) {
	row, line, err := c.reader.next()
	if err != nil {
		return nil, 0, err
	}
	j := c.tree.Size()
	c.salts.Reset()
	c.salts.Write([]byte(tagSalt))
	c.salts.Write(label.Uint64(j))
	c.salts.Sum(c.salt[:0])
	c.buf = appendRow(c.buf[:0], row)
	leaf := label.Hash(tagRow, c.salt[:], label.Uint64(j), c.buf)
	c.tree.Append(leaf[:])
	return row, line, nil
}

// commitment is complete once next has returned io.EOF.
func (c *committedRows) commitment() Commitment {
	names := c.reader.columns()
	out := Commitment{
		Rows:    c.tree.Size(),
		Root:    rootOf(c.tree.Size(), names, c.tree.Root()),
		Size:    uint64(c.size),
		Columns: append([]string(nil), names...),
	}
	c.sum.Sum(out.SHA256[:0])
	return out
}

func rootOf(rows uint64, names []string, tree merkle.Hash) [32]byte {
	fields := make([][]byte, len(names))
	for i, n := range names {
		fields[i] = []byte(n)
	}
	columns := label.Hash(tagColumns, fields...)
	return label.Hash(tagRows, label.Uint64(rows), columns[:], tree[:])
}

// appendRow is the canonical form of a row: per column 0x00 if the cell is absent or null, else 0x01, the
// length of the text as four big-endian bytes, and the text.
func appendRow(buf []byte, row []Field) []byte {
	for _, f := range row {
		if f.Null {
			buf = append(buf, 0)
			continue
		}
		buf = append(buf, 1)
		buf = binary.BigEndian.AppendUint32(buf, uint32(len(f.Text)))
		buf = append(buf, f.Text...)
	}
	return buf
}

type counter uint64

func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}

// Matches tells how a file differs from what was committed to, as ErrChanged, or nil. It compares rows and
// root: they bind the content, whatever way the same rows are spelled.
func (c Commitment) Matches(rows uint64, root []byte) error {
	switch {
	case c.Rows != rows:
		return fmt.Errorf("%w: %d rows, %d committed", ErrChanged, c.Rows, rows)
	case string(c.Root[:]) != string(root):
		return fmt.Errorf("%w: the row roots differ", ErrChanged)
	}
	return nil
}
