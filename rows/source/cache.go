package source

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"slices"
	"sync"

	"github.com/alita-network/alita/rows/fixedpoint"
)

// Cache keeps the converted columns of files in memory between the rounds of a job, so that a file is read and hashed once. It keeps
// columns only after the whole file was verified against its commitment. It hands them out only for the same commitment and the same
// columns, and only if the file's size and time of change are still the same. It may be used from several goroutines; a nil Cache
// keeps nothing.
//
// It keeps them in memory and not in a file. So an owner's rows are on the disk once, in the owner's own file; nothing has to be erased
// after a crash; and nobody can change columns that were verified.
type Cache struct {
	capacity int

	mu   sync.Mutex
	used int
	jobs map[string][]*kept
}

// NewCache returns a cache of at most so many bytes. Columns that do not fit are read from the file again in every round.
func NewCache(capacity int) *Cache { return &Cache{capacity: capacity, jobs: map[string][]*kept{}} }

// kept is the columns of a file.
type kept struct {
	file    Committed
	info    fs.FileInfo
	columns []Column
	blocks  [][]byte
	size    int
}

// of reports whether these are the columns of a committed file. It does not look at the file.
func (k *kept) of(file Committed, columns []Column) bool {
	return k.file.Location == file.Location && k.file.Rows == file.Rows && bytes.Equal(k.file.Root, file.Root) &&
		slices.EqualFunc(k.columns, columns, func(a, b Column) bool { return a.Name == b.Name && equal(a.Column, b.Column) })
}

func equal(a, b fixedpoint.Column) bool {
	return a.Offset == b.Offset && a.Decimals == b.Decimals && a.Bits == b.Bits && a.Other == b.Other && slices.Equal(a.Labels, b.Labels)
}

// Open opens a file for a round of a job, as OpenBatches does, or from memory if an earlier round of the job has read it.
func (c *Cache) Open(job string, file Committed, columns []Column) (Reader, error) {
	if c == nil {
		return OpenBatches(file, columns)
	}
	if r := c.find(job, file, columns); r != nil {
		return r, nil
	}
	b, err := OpenBatches(file, columns)
	if err != nil {
		return nil, err
	}
	info, err := b.pass.file.Stat()
	if err != nil {
		return b, nil //nolint:nilerr // the file can be read all the same
	}
	return &recorder{Batches: b, cache: c, job: job, kept: &kept{file: file, info: info, columns: slices.Clone(columns)}}, nil
}

// find returns the kept columns of a file, nil if there are none. It drops the columns of a file that was changed since.
func (c *Cache) find(job string, file Committed, columns []Column) Reader {
	info, err := os.Stat(file.Path)
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, k := range c.jobs[job] {
		if !k.of(file, columns) {
			continue
		}
		if err == nil && os.SameFile(info, k.info) && info.Size() == k.info.Size() && info.ModTime().Equal(k.info.ModTime()) {
			return &packed{blocks: k.blocks, rows: file.Rows, batch: newBatch(len(columns))}
		}
		c.used -= k.size
		c.jobs[job] = slices.DeleteFunc(c.jobs[job], func(other *kept) bool { return other == k })
		return nil
	}
	return nil
}

// Jobs returns the jobs that columns are kept for, in order.
func (c *Cache) Jobs() (all []string) {
	if c == nil {
		return nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for job := range c.jobs {
		all = append(all, job)
	}
	slices.Sort(all)
	return all
}

// Forget drops the columns of a job that is over.
func (c *Cache) Forget(job string) {
	if c == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, k := range c.jobs[job] {
		c.used -= k.size
	}
	delete(c.jobs, job)
}

// reserve makes room, and reports whether there was any.
func (c *Cache) reserve(size int) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.used+size > c.capacity {
		return false
	}
	c.used += size
	return true
}

// recorder reads a file, and keeps its columns if they fit and the file is the committed one.
type recorder struct {
	*Batches

	cache *Cache
	job   string
	kept  *kept // nil once it does not fit or is kept
}

func (r *recorder) Next() (*Batch, error) {
	b, err := r.Batches.Next()
	switch {
	case r.kept == nil:
	case err == nil:
		block := pack(b)
		if !r.cache.reserve(len(block)) {
			r.drop()
			break
		}
		r.kept.blocks, r.kept.size = append(r.kept.blocks, block), r.kept.size+len(block)
	case errors.Is(err, io.EOF):
		r.cache.mu.Lock()
		r.cache.jobs[r.job] = append(r.cache.jobs[r.job], r.kept)
		r.cache.mu.Unlock()
		r.kept = nil
	default:
		r.drop()
	}
	return b, err
}

// drop gives the room back.
func (r *recorder) drop() {
	r.cache.mu.Lock()
	r.cache.used -= r.kept.size
	r.cache.mu.Unlock()
	r.kept = nil
}

func (r *recorder) Finish() error { return finish(r) }

func (r *recorder) Close() error {
	if r.kept != nil {
		r.drop()
	}
	return r.Batches.Close()
}
