package source

import (
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"path/filepath"

	"github.com/alita-network/alita/crypto/label"
	"github.com/alita-network/alita/crypto/merkle"
)

// Straight reads a file as its documentation says, one row after the other. The chunks of a pass must give the same. It returns the rows
// of every batch before the end, the error that ends them if there is one, and the root of the rows that were read.
func Straight(file Committed, columns []Column) (values [][]int64, valid [][]byte, sizes []int, root [32]byte, err error) {
	f, err := open(file.Path)
	if err != nil {
		return nil, nil, nil, root, err
	}
	defer f.Close()
	name := filepath.Base(file.Path)
	reader, err := newRowReader(f, file.Format, name)
	if err != nil {
		return nil, nil, nil, root, err
	}
	var tree merkle.Tree
	values, valid = make([][]int64, len(columns)), make([][]byte, len(columns))
	row, n := make([]Field, len(reader.columns())), 0
	// An error drops the rows that do not fill a batch yet.
	fail := func(err error) ([][]int64, [][]byte, []int, [32]byte, error) {
		for i := range values {
			values[i], valid[i] = values[i][:len(values[i])-n], valid[i][:len(valid[i])-n]
		}
		return values, valid, sizes, root, err
	}
	for {
		spelled, line, err := reader.next(nil)
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil {
			err = reader.fields(string(spelled), line, row)
		}
		if err != nil {
			return fail(err)
		}
		j := tree.Size()
		salt := hmac.New(sha256.New, file.Seed[:])
		salt.Write([]byte(tagSalt))
		salt.Write(label.Uint64(j))
		leaf := label.Hash(tagRow, salt.Sum(nil), label.Uint64(j), appendRow(nil, row))
		tree.Append(leaf[:])
		if tree.Size() > file.Rows {
			return fail(fmt.Errorf("%s: %w: rows: expected %d, got more", name, ErrChanged, file.Rows))
		}
		for k, c := range columns {
			value, present := int64(0), byte(0)
			for i, name := range reader.columns() {
				if name != c.Name || Missing(row[i]) {
					continue
				}
				if v, fit := c.Cells()(row[i].Text); fit.Present() {
					value, present = v, 1
				}
			}
			values[k], valid[k] = append(values[k], value), append(valid[k], present)
		}
		if n++; n == BatchRows {
			sizes, n = append(sizes, n), 0
		}
	}
	root = rootOf(tree.Size(), reader.columns(), tree.Root())
	if err := (Commitment{Rows: tree.Size(), Root: root}).Matches(file.Rows, file.Root); err != nil {
		return fail(fmt.Errorf("%s: %w", name, err))
	}
	if n > 0 {
		sizes = append(sizes, n)
	}
	return values, valid, sizes, root, nil
}

// Used returns the number of bytes that a cache keeps.
func (c *Cache) Used() int { return c.used }

// FromFile marks readers that read their file.
func (b *Batches) FromFile() {}
