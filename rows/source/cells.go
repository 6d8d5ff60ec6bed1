package source

import (
	"fmt"

	"github.com/alita-network/alita/rows/fixedpoint"
)

// Cells are the numbers of cells of a column by how a job reads them.
type Cells struct {
	// Missing are the cells that hold no value, see the function Missing.
	Missing uint64
	// Counts are the others.
	Counts fixedpoint.Counts
}

func (c *Cells) add(other Cells) {
	c.Missing += other.Missing
	c.Counts.Add(other.Counts)
}

// Count reads a committed file and counts how a job reads the cells of its columns, in their order. The errors are the errors of
// OpenBatches and Reader.
func Count(file Committed, columns []Column) (cells []Cells, err error) {
	b, err := OpenBatches(file, columns)
	if err != nil {
		return nil, err
	}
	defer func() { _ = b.Close() }()
	if err := b.Finish(); err != nil {
		return nil, err
	}
	return b.counts, nil
}

// ColumnProfile says what stands in a column of a file, for its owner: which jobs can make use of it.
type ColumnProfile struct {
	Name string
	// Missing, Numbers and Texts are numbers of cells. A job that reads numbers takes a text for a missing value.
	Missing, Numbers, Texts uint64
	// Decimals is the most decimals of a number. A job that states fewer rounds.
	Decimals int
}

// Profile reads a committed file and says what stands in its columns. The errors are the errors of Each.
func Profile(file Committed) ([]ColumnProfile, error) {
	names, err := columnsOf(file.Location)
	if err != nil {
		return nil, err
	}
	all := make([]ColumnProfile, len(names))
	for i, name := range names {
		all[i].Name = name
	}
	return all, Each(file, func(row []Field) error {
		for i, f := range row {
			if i < len(all) {
				all[i].Add(f)
			}
		}
		return nil
	})
}

// String says what stands in the column in one line, without any of its values.
func (c ColumnProfile) String() string {
	return fmt.Sprintf("%s: %d numbers with up to %d decimals, %d texts, %d missing", c.Name, c.Numbers, c.Decimals, c.Texts, c.Missing)
}

// Add counts a cell.
func (c *ColumnProfile) Add(f Field) {
	if Missing(f) {
		c.Missing++
		return
	}
	decimals, ok := fixedpoint.Decimals(f.Text)
	if !ok {
		c.Texts++
		return
	}
	c.Numbers++
	c.Decimals = max(c.Decimals, decimals)
}

// columnsOf returns the names of the columns of a file.
func columnsOf(l Location) ([]string, error) {
	p, err := newPass(l.Path, l.Format, l.Seed, nil)
	if err != nil {
		return nil, err
	}
	return append([]string(nil), p.reader.columns()...), p.close()
}
