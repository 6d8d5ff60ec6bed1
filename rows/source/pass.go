package source

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"
	"runtime"

	"github.com/alita-network/alita/crypto/label"
	"github.com/alita-network/alita/crypto/merkle"
	"github.com/alita-network/alita/rows/fixedpoint"
)

// Bounds of a chunk. Together with maxDepth they bound the memory for every file.
const (
	// chunkRows is the largest number of rows. A batch ends at the end of a chunk.
	chunkRows = BatchRows
	// chunkCells bounds rows times columns: wide files have chunks of fewer rows.
	chunkCells = 64 << 10
	// chunkBytes ends a chunk once its rows take that many bytes. The last row may go beyond, by MaxRecordBytes.
	chunkBytes = 256 << 10
	// maxDepth is the largest number of chunks that are worked on at a time.
	maxDepth = 32
)

// pass reads a file from its beginning to its end and commits to its rows. The caller of next cuts the file into chunks of consecutive
// rows; a goroutine for each chunk reads the fields, converts and hashes them. The chunks come out in the order of the file, so the
// results do not depend on the number of processors.
type pass struct {
	file    *os.File
	reader  rowReader
	name    string
	seed    [SeedSize]byte
	columns []converter
	keep    bool   // the fields of all rows
	rows    uint64 // that were cut so far
	most    uint64 // rows of a chunk, a power of two
	depth   int
	flight  []*chunk // being worked on, in the order of the file
	last    *chunk   // that next has returned
	free    []*chunk
	ended   bool // the file, or reading it
	tree    merkle.Tree
}

// chunk is consecutive rows of a file. All but the last end at a multiple of pass.most or have many bytes.
type chunk struct {
	first uint64
	bytes []byte // the rows as the reader spells them
	ends  []int  // of the rows in bytes
	lines []int  // that the rows start on
	after error  // what follows the rows: io.EOF, a fault, or nil for another chunk

	done   chan struct{}
	part   *merkle.Part
	good   int       // rows before the one that cannot be read; all if there is none
	fault  error     // what is wrong with it
	values [][]int64 // of the converted columns
	valid  [][]byte
	counts []Cells // of the converted columns
	fields []Field // of all rows, one row after the other
}

// end returns nil, or the error that ends the file after the good rows.
func (c *chunk) end() error {
	if c.fault != nil {
		return c.fault
	}
	return c.after
}

// converter is a column of a file that becomes integers.
type converter struct {
	Column

	at      int // in the file
	convert func(text string) (value int64, fit fixedpoint.Fit)
}

// newPass opens a file. Every byte that is read of it is also written to tee, if tee is not nil.
func newPass(path string, format Format, seed [SeedSize]byte, tee io.Writer) (*pass, error) {
	f, err := open(path)
	if err != nil {
		return nil, err
	}
	p := &pass{file: f, name: filepath.Base(path), seed: seed, depth: min(2*runtime.GOMAXPROCS(0), maxDepth)}
	var r io.Reader = f
	if tee != nil {
		r = io.TeeReader(f, tee)
	}
	if p.reader, err = newRowReader(r, format, p.name); err != nil {
		_ = f.Close()
		return nil, err
	}
	for p.most = chunkRows; p.most*uint64(len(p.reader.columns())) > chunkCells; {
		p.most /= 2
	}
	return p, nil
}

// convert chooses the columns that become integers.
func (p *pass) convert(columns []Column) error {
	at := make(map[string]int)
	for i, n := range p.reader.columns() {
		at[n] = i
	}
	for _, c := range columns {
		i, ok := at[c.Name]
		if !ok {
			return fmt.Errorf("%s: %w: %q", p.name, ErrColumn, c.Name)
		}
		if err := c.Validate(); err != nil {
			return fmt.Errorf("%s: column %q: %w", p.name, c.Name, err)
		}
		p.columns = append(p.columns, converter{c, i, c.Cells()})
	}
	return nil
}

// close waits for the goroutines and closes the file.
func (p *pass) close() error {
	for _, c := range p.flight {
		<-c.done
	}
	p.flight, p.ended = nil, true
	return p.file.Close()
}

// next returns the next chunk. It is valid until the following call, and the last if its end is not nil.
func (p *pass) next() *chunk {
	if p.last != nil {
		p.free, p.last = append(p.free, p.last), nil
	}
	for !p.ended && len(p.flight) < p.depth {
		p.cut()
	}
	c := p.flight[0]
	p.flight = p.flight[1:]
	<-c.done
	p.tree.AppendPart(c.part)
	p.last = c
	return c
}

// cut reads the next chunk and starts its goroutine.
func (p *pass) cut() {
	c := p.spare()
	c.first = p.rows
	for len(c.ends) == 0 || (p.rows%p.most != 0 && len(c.bytes) < chunkBytes) {
		bytes, line, err := p.reader.next(c.bytes)
		if err != nil {
			c.after, p.ended = err, true
			break
		}
		c.bytes, c.ends, c.lines = bytes, append(c.ends, len(bytes)), append(c.lines, line)
		p.rows++
	}
	p.flight = append(p.flight, c)
	go p.work(c)
}

// spare returns an empty chunk, with the memory of an earlier one if there is one.
func (p *pass) spare() *chunk {
	if n := len(p.free); n > 0 {
		c := p.free[n-1]
		p.free = p.free[:n-1]
		*c = chunk{bytes: c.bytes[:0], ends: c.ends[:0], lines: c.lines[:0], done: c.done, values: c.values, valid: c.valid, counts: c.counts}
		clear(c.counts)
		return c
	}
	c := &chunk{done: make(chan struct{}, 1)}
	for range p.columns {
		c.values, c.valid, c.counts = append(c.values, make([]int64, p.most)), append(c.valid, make([]byte, p.most)), append(c.counts, Cells{})
	}
	return c
}

// work reads, hashes and converts the rows of a chunk, up to the first that cannot be read.
func (p *pass) work(c *chunk) {
	defer func() { c.done <- struct{}{} }()
	c.part = merkle.NewPart(c.first)
	h := hasher{salts: hmac.New(sha256.New, p.seed[:])}
	text, start := string(c.bytes), 0
	k := len(p.reader.columns())
	c.fields = make([]Field, k)
	if p.keep {
		c.fields = make([]Field, k*len(c.ends))
	}
	for i, end := range c.ends {
		row := c.fields[:k]
		if p.keep {
			row = c.fields[k*i : k*(i+1)]
		}
		if c.fault = p.reader.fields(text[start:end], c.lines[i], row); c.fault != nil {
			return
		}
		c.part.Append(h.leaf(c.first+uint64(i), row))
		p.convertRow(c, i, row)
		start = end
		c.good++
	}
}

// convertRow converts the chosen columns of row i of a chunk. It takes every text: what stands in a cell must not end a run.
func (p *pass) convertRow(c *chunk, i int, row []Field) {
	for k, column := range p.columns {
		c.values[k][i], c.valid[k][i] = 0, 0
		field := row[column.at]
		if Missing(field) {
			c.counts[k].Missing++
			continue
		}
		v, fit := column.convert(field.Text)
		c.counts[k].Counts[fit]++
		if fit.Present() {
			c.values[k][i], c.valid[k][i] = v, 1
		}
	}
}

// commitment returns the commitment of a file whose last chunk has ended with io.EOF, without checksum and size.
func (p *pass) commitment() Commitment {
	names := p.reader.columns()
	return Commitment{
		Rows: p.tree.Size(), Root: rootOf(p.tree.Size(), names, p.tree.Root()), Columns: append([]string(nil), names...),
	}
}

// verify returns io.EOF if the file that was read to its end is the committed one, else ErrChanged.
func (p *pass) verify(rows uint64, root []byte) error {
	if err := p.commitment().Matches(rows, root); err != nil {
		return fmt.Errorf("%s: %w", p.name, err)
	}
	return io.EOF
}

// hasher makes the leaves of rows. It is used by one goroutine.
type hasher struct {
	salts hash.Hash // keyed with the seed
	index [8]byte
	salt  [sha256.Size]byte
	row   []byte
	hash  [label.Size]byte
}

// leaf returns the content of the leaf of a row, valid until the next call.
func (h *hasher) leaf(j uint64, row []Field) []byte {
	binary.BigEndian.PutUint64(h.index[:], j)
	h.salts.Reset()
	h.salts.Write([]byte(tagSalt))
	h.salts.Write(h.index[:])
	h.salts.Sum(h.salt[:0])
	h.row = appendRow(h.row[:0], row)
	h.hash = label.Hash(tagRow, h.salt[:], h.index[:], h.row)
	return h.hash[:]
}
