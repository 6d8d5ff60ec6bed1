package source

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

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

// Commitment is the statement of a record about its file. Without the seed it says nothing about any row.
type Commitment struct {
	Rows    uint64   // data rows, without the header
	Root    [32]byte // binds every row, their order and number, and the column names
	SHA256  [32]byte // checksum of the file's bytes
	Size    uint64   // length of the file in bytes
	Columns []string // names of all columns in file order
}

// Commit reads the file once and commits to all its rows. The seed must be fresh and random for each
// file and be kept with the file's location: anyone who has it can try out guesses of a row.
//
// The root is H("alita/rows/v1", rows, H("alita/columns/v1", names...), tree), where tree is the RFC 6962
// root over the leaves H("alita/row/v1", salt_j, j, row_j), salt_j is HMAC-SHA256(seed, "alita/salt/v1" || j),
// H is label.Hash, j counts from 0 and row_j is, for each column, a presence byte and the length-prefixed text.
func Commit(path string, format Format, seed [SeedSize]byte) (Commitment, error) {
	sum, size := sha256.New(), counter(0)
	p, err := newPass(path, format, seed, io.MultiWriter(sum, &size))
	if err != nil {
		return Commitment{}, err
	}
	defer p.close()
	for {
		switch err := p.next().end(); {
		case errors.Is(err, io.EOF):
			out := p.commitment()
			out.Size = uint64(size)
			sum.Sum(out.SHA256[:0])
			return out, nil
		case err != nil:
			return Commitment{}, err
		}
	}
}

func rootOf(rows uint64, names []string, tree merkle.Hash) [32]byte {
	fields := make([][]byte, len(names))
	for i, n := range names {
		fields[i] = []byte(n)
	}
	columns := label.Hash(tagColumns, fields...)
	return label.Hash(tagRows, label.Uint64(rows), columns[:], tree[:])
}

// appendRow is the canonical form of a row: per column 0x00 if the cell is absent or null, else the text as appendText writes it.
func appendRow(buf []byte, row []Field) []byte {
	for _, f := range row {
		if f.Null {
			buf = append(buf, 0)
			continue
		}
		buf = appendText(buf, f.Text)
	}
	return buf
}

// textStart is the offset at which the text begins in the output of appendText.
const textStart = 5

// appendText appends 0x01, the length of the text as four big-endian bytes, and the text.
func appendText(buf []byte, text string) []byte {
	buf = append(buf, 1)
	buf = binary.BigEndian.AppendUint32(buf, uint32(len(text)))
	return append(buf, text...)
}

type counter uint64

func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}

// Matches returns nil if a file is the one that was committed to, else ErrChanged. It compares rows and root, which bind the
// content. They do not depend on how a file spells the same rows.
func (c Commitment) Matches(rows uint64, root []byte) error {
	switch {
	case c.Rows != rows:
		return fmt.Errorf("%w: rows: expected %d, got %d", ErrChanged, rows, c.Rows)
	case string(c.Root[:]) != string(root):
		return fmt.Errorf("%w: row root: expected the committed one, got another", ErrChanged)
	}
	return nil
}
