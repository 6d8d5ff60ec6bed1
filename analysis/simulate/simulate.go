// Package simulate runs a whole job over local files, one for each owner, without a chain. It runs the program in the sandbox and adds up
// the vectors, round after round until the session is done, and counts the operations that each owner would be paid for.
package simulate

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"math/big"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/alita-network/alita/analysis"
	"github.com/alita-network/alita/rows/fixedpoint"
	"github.com/alita-network/alita/rows/source"
	"github.com/alita-network/alita/sandbox"
	"github.com/alita-network/alita/sandbox/committed"
	"github.com/alita-network/alita/terms"
)

// Owner is an owner's part in the job.
type Owner struct {
	// File is the name of the owner's file.
	File string `json:"file"`
	// Rows is the number of its rows.
	Rows uint64 `json:"rows"`
	// Operations is the sum over all rounds, by the cost model. Every run was counted and has kept to the model. It is 0 for a lost owner.
	Operations uint64 `json:"operations"`
	// Lost reports whether it was lost before it contributed.
	Lost bool `json:"lost,omitempty"`
	// Unfit are the columns with cells that the job does not read as they stand. On the network nobody would be told.
	Unfit []Unfit `json:"unfit,omitempty"`
	// Report says how the rows of a row program went, over all rounds. On the network nobody learns it.
	Report *sandbox.RowReport `json:"rows_report,omitempty"`
}

// Unfit are the numbers of cells of a column that the job does not read as they stand.
type Unfit struct {
	Column string `json:"column"`
	// Rounded cells have more decimals than the job states, and Clamped ones a value outside of its range.
	Rounded uint64 `json:"rounded,omitempty"`
	Clamped uint64 `json:"clamped,omitempty"`
	// NoNumber and NotListed cells have a text that is no number, or none of the labels. They count as missing.
	NoNumber  uint64 `json:"no_number,omitempty"`
	NotListed uint64 `json:"not_listed,omitempty"`
}

// Text says it in words.
func (u Unfit) Text() string {
	var parts []string
	for _, part := range []struct {
		cells uint64
		what  string
	}{
		{u.Rounded, "rounded to the job's decimals"},
		{u.Clamped, "out of range, taken for the nearest value within"},
		{u.NoNumber, "no number, taken for missing"},
		{u.NotListed, "none of the labels, taken for missing"},
	} {
		if part.cells > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", part.cells, part.what))
		}
	}
	return fmt.Sprintf("column %q: cells: %s", u.Column, strings.Join(parts, "; "))
}

// Outcome is the answer of a job and the bills of its owners.
type Outcome struct {
	Result analysis.Result `json:"result"`
	Owners []Owner         `json:"owners"`
	// Length and Bits are the shape of a contribution. Bits make room for the noise, if there is any.
	Length int `json:"slots"`
	Bits   int `json:"bits"`
	// Noise describes the noise in the counts; nil if there is none.
	Noise *analysis.NoiseReport `json:"noise,omitempty"`
}

// Options say how a job goes.
type Options struct {
	// Seats is the number of seats that each vector is shared among, 2 to 8. With 0 the vectors are added up in the open, to the same sum.
	Seats int
	// Lose are the owners who are lost before they contribute, by the names or paths of their files. A number stands for so many of the
	// remaining owners, evenly over the list.
	Lose []string
	// Random is the source of the noise that a session asks for; crypto/rand by default.
	Random io.Reader
	// Progress is called after each round.
	Progress func(round int, job analysis.Job)
}

// Run runs a session to its end over the files of the owners, CSV or JSON Lines by their endings. Every run must cost exactly
// what the model gives.
func Run(ctx context.Context, box *sandbox.Sandbox, session analysis.Session, model terms.CostModel, files []string, o Options) (Outcome, error) {
	program, err := box.Compile(ctx, session.Program().Code)
	if err != nil {
		return Outcome{}, err
	}
	defer func() { _ = program.Close(context.WithoutCancel(ctx)) }()
	s := simulation{box: box, program: program, model: model, random: o.Random, cache: source.NewCache(cacheBytes)}
	if s.random == nil {
		s.random = rand.Reader
	}
	if err := s.open(files, o.Lose); err != nil {
		return Outcome{}, err
	}
	job := session.Job()
	out := Outcome{Length: job.Length, Bits: job.Bits}
	s.terms = terms.Program{Kind: session.Program().Kind, Bits: uint32(out.Bits), Row: program.Row() != nil}
	s.sum = terms.SecureSum{Length: uint32(out.Length), Bits: uint32(out.Bits), Seats: analysis.DefaultSeats, Ranges: job.Ranges, MicroRho: job.MicroRho}
	if o.Seats != 0 {
		s.sum.Seats = uint32(max(o.Seats, 0))
	}
	if err := s.sum.CheckRanges(s.terms); err != nil {
		return Outcome{}, err
	}
	add := s.sumInTheOpen
	if o.Seats != 0 {
		seats, err := newSeats(s.terms, s.sum, s.random)
		if err != nil {
			return Outcome{}, err
		}
		add = seats.Sum
	}
	for round := 1; !session.Done(); round++ {
		job := session.Job()
		vectors, err := s.vectors(ctx, job)
		if err != nil {
			return Outcome{}, fmt.Errorf("round %d: %w", round, err)
		}
		sum, err := add(vectors)
		if err != nil {
			return Outcome{}, fmt.Errorf("round %d: %w", round, err)
		}
		if sum, err = s.sum.Reveal(sum, s.rows()); err != nil {
			return Outcome{}, fmt.Errorf("round %d: %w", round, err)
		}
		if err := session.Advance(sum, len(vectors)); err != nil {
			return Outcome{}, fmt.Errorf("round %d: %w", round, err)
		}
		if o.Progress != nil {
			o.Progress(round, job)
		}
	}
	for _, owner := range s.owners {
		out.Owners = append(out.Owners, owner.Owner)
	}
	if out.Result, err = session.Result(); err != nil {
		return out, err
	}
	out.Noise = analysis.NewNoiseReport(s.sum.Ranges, s.sum.MicroRho, s.sum.Seats)
	return out, nil
}

// cacheBytes bounds what is kept of the owners' files between rounds.
const cacheBytes = 256 << 20

// simulation is a job under way.
type simulation struct {
	box     *sandbox.Sandbox
	program *sandbox.Program
	terms   terms.Program
	sum     terms.SecureSum
	model   terms.CostModel
	owners  []*owner
	random  io.Reader
	cache   *source.Cache
}

// rows is the number of rows of all owners who contribute.
func (s *simulation) rows() (n uint64) {
	for _, o := range s.owners {
		if !o.Lost {
			n += o.Rows
		}
	}
	return n
}

// open commits to the owners' files, and marks the lost owners.
func (s *simulation) open(files, lose []string) error {
	if len(files) == 0 {
		return errors.New("files of owners: expected at least 1, got none")
	}
	for _, file := range files {
		o, err := newOwner(file)
		if err != nil {
			return err
		}
		s.owners = append(s.owners, o)
	}
	for _, name := range lose {
		if err := s.lose(name); err != nil {
			return err
		}
	}
	if !slices.ContainsFunc(s.owners, func(o *owner) bool { return !o.Lost }) {
		return fmt.Errorf("owners that contribute: expected at least 1, got none, all %d are lost", len(files))
	}
	return nil
}

// lose loses an owner, or a number of them.
func (s *simulation) lose(name string) error {
	if n, err := strconv.Atoi(name); err == nil {
		left := slices.DeleteFunc(slices.Clone(s.owners), func(o *owner) bool { return o.Lost })
		if n < 0 || n > len(left) {
			return fmt.Errorf("owners to lose: expected 0 to %d, got %d", len(left), n)
		}
		for i := range n {
			left[(2*i+1)*len(left)/(2*n)].Lost = true
		}
		return nil
	}
	for _, o := range s.owners {
		if o.path == name || o.File == name {
			o.Lost = true
			return nil
		}
	}
	return fmt.Errorf("owner to lose: expected a number or the file of an owner, got %q", name)
}

// vectors returns the contributions to a round, of all owners that are not lost.
func (s *simulation) vectors(ctx context.Context, job analysis.Job) (all [][]int64, err error) {
	for _, o := range s.owners {
		if o.Lost {
			continue
		}
		vector, err := s.vector(ctx, o, job)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", o.File, err)
		}
		all = append(all, vector)
	}
	return all, nil
}

func (s *simulation) vector(ctx context.Context, o *owner, job analysis.Job) ([]int64, error) {
	if err := errors.Join(s.terms.Kind.CheckRows(o.Rows), s.sum.CheckRows(s.terms, o.Rows)); err != nil {
		return nil, fmt.Errorf("its worker would decline: %w", err)
	}
	operations, err := s.model.Operations(o.Rows, uint32(len(job.Columns)), uint32(job.Length))
	if err != nil {
		return nil, err
	}
	vector, err := s.run(ctx, o, job, operations)
	if err != nil {
		return nil, err
	}
	o.Operations += operations
	return vector, nil
}

// sumInTheOpen adds up a round's vectors and the noise of the seats.
func (s *simulation) sumInTheOpen(vectors [][]int64) (sum []*big.Int, err error) {
	for _, v := range vectors {
		if sum, err = analysis.Add(sum, v); err != nil {
			return nil, err
		}
	}
	for range s.sum.Noises() {
		noise, err := s.sum.Ranges.Noise(s.random)
		if err != nil {
			return nil, err
		}
		for i, x := range noise {
			sum[i].Add(sum[i], new(big.Int).SetUint64(x))
		}
	}
	return sum, nil
}

// owner is an owner's file.
type owner struct {
	Owner

	path    string
	file    source.Committed
	counted bool // Unfit
}

func newOwner(path string) (*owner, error) {
	format, err := source.FormatOf(path)
	if err != nil {
		return nil, err
	}
	location := source.Location{Path: path, Format: format}
	c, err := source.Commit(path, format, location.Seed)
	if err != nil {
		return nil, err
	}
	return &owner{
		Owner: Owner{File: filepath.Base(path), Rows: c.Rows}, path: path, file: source.Committed{Location: location, Rows: c.Rows, Root: c.Root[:]},
	}, nil
}

// run runs the program over an owner's file as the owner's worker does.
func (s *simulation) run(ctx context.Context, o *owner, job analysis.Job, operations uint64) ([]int64, error) {
	columns, _, err := fixedpoint.ParseHeader(job.Input)
	if err != nil {
		return nil, err
	}
	if len(columns) != len(job.Columns) {
		return nil, fmt.Errorf("input: expected %d columns, got %d", len(job.Columns), len(columns))
	}
	asked := committed.Job{Input: job.Input, Length: job.Length, Bits: job.Bits, Operations: operations, Cache: s.cache}
	for i, c := range columns {
		asked.Columns = append(asked.Columns, source.Column{Name: job.Columns[i], Column: c})
	}
	if err := o.count(asked.Columns); err != nil {
		return nil, err
	}
	if !s.terms.Row {
		return committed.Run(ctx, s.box, s.program, o.file, asked)
	}
	base, row, err := s.model.RowOperations(uint32(len(job.Columns)), uint32(job.Length))
	if err != nil {
		return nil, err
	}
	var report sandbox.RowReport
	asked.Rows = &committed.Rows{Base: base, Row: row, Ranges: s.sum.Ranges, MicroRho: s.sum.MicroRho, Report: &report}
	vector, err := committed.Run(ctx, s.box, s.program, o.file, asked)
	if err == nil {
		o.add(report)
	}
	return vector, err
}

// add adds the report of a round.
func (o *owner) add(r sandbox.RowReport) {
	if o.Report == nil {
		o.Report = &r
		return
	}
	o.Report.Trapped += r.Trapped
	o.Report.OutOfOperations += r.OutOfOperations
	o.Report.TooLong += r.TooLong
	o.Report.Least, o.Report.Most = min(o.Report.Least, r.Least), max(o.Report.Most, r.Most)
}

// count counts, once, the cells that the job does not read as they stand.
func (o *owner) count(columns []source.Column) error {
	if o.counted {
		return nil
	}
	all, err := source.Count(o.file, columns)
	if err != nil {
		return err
	}
	o.counted = true
	for i, c := range all {
		if c.Counts.Unfit() > 0 {
			o.Unfit = append(o.Unfit, Unfit{
				Column: columns[i].Name, Rounded: c.Counts[fixedpoint.Rounded], Clamped: c.Counts[fixedpoint.Clamped],
				NoNumber: c.Counts[fixedpoint.NoNumber], NotListed: c.Counts[fixedpoint.NotListed],
			})
		}
	}
	return nil
}
