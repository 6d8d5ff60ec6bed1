package worker

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/alita-network/alita/crypto/result"
	"github.com/alita-network/alita/crypto/seal"
	"github.com/alita-network/alita/node/chain"
	"github.com/alita-network/alita/rows/source"
	"github.com/alita-network/alita/sandbox"
	"github.com/alita-network/alita/sandbox/committed"
	"github.com/alita-network/alita/terms"
)

// ErrLocation means that a record's location is not usable on this machine.
var ErrLocation = errors.New("location")

// OpenLocation unseals where a record's file lies and checks that the policy lets it be read.
func OpenLocation(p Policy, key seal.PrivateKey, record chain.Record, v chain.Version) (source.Location, error) {
	l, err := unseal(p, key, record, v)
	if err != nil {
		return source.Location{}, err
	}
	return l, allowFile(p, l)
}

// unseal opens a record's location. It does not look at the file.
func unseal(p Policy, key seal.PrivateKey, record chain.Record, v chain.Version) (source.Location, error) {
	owner, err := chain.ParseAddress(record.Owner)
	if err != nil {
		return source.Location{}, err
	}
	plain, err := seal.Open(seal.RecordLabel(p.ChainID, record.Id, owner), sealedLocation(v), key)
	if err != nil {
		return source.Location{}, fmt.Errorf("%w: %w", ErrLocation, err)
	}
	return source.UnmarshalLocation(plain)
}

// allowFile checks that the policy lets a file be read. Links are resolved, so a file that is missing is not allowed.
func allowFile(p Policy, l source.Location) error {
	if !p.AllowsFile(l.Path) {
		return fmt.Errorf("%w: policy: data_dirs: expected a file below one of them, got one elsewhere or none", ErrLocation)
	}
	return nil
}

// SealedTo reports whether a version's location is sealed to a key.
func SealedTo(v chain.Version, key seal.PublicKey) bool {
	id := key.ID()
	for _, s := range v.Content.Location.Stanzas {
		if string(s.KeyId) == string(id[:]) {
			return true
		}
	}
	return false
}

func sealedLocation(v chain.Version) seal.Sealed {
	l := v.Content.Location
	out := seal.Sealed{Body: l.Body, Commitment: l.Commitment}
	for _, s := range l.Stanzas {
		out.Stanzas = append(out.Stanzas, seal.Stanza{KeyID: s.KeyId, Enc: s.Enc, Ciphertext: s.Ciphertext})
	}
	return out
}

// Outcome is a finished run. What it contains does not depend on the data, but for the ciphertext.
type Outcome struct {
	Operations uint64
	Rows       uint64
	Sealed     result.Sealed
	// Trouble is why the vector is the one of an empty record, nil if it is the program's. The owner alone may learn it.
	Trouble error
}

// Computer runs programs over local files and seals what they give.
type Computer struct {
	Policy  Policy
	Key     seal.PrivateKey
	Sandbox *sandbox.Sandbox
	// Columns keeps the converted columns of files between the rounds of a job; nil keeps nothing.
	Columns *source.Cache
	// Editions are the copies of what panels compute on; nil reads the records' own files.
	Editions *Editions
	// Random is where the secrets of jobs and rounds are drawn from; crypto/rand if nil.
	Random io.Reader
}

// Compute runs a candidate's program over the record's file. The vector leaves it only sealed: to the job's reader, or to this worker
// itself if it is to be shared among seats.
//
// A program that fails, does not take the operations of its cost model, or gives a vector that the job has no room for, gives the vector
// of an empty record. If the file is missing or not the committed one, so it does in a job with noise; without noise, and over panels, the
// error is errFile.
// Other errors are of the public parts, the location and the program, or ctx's.
func (c *Computer) Compute(ctx context.Context, cand Candidate, plan Plan, code []byte) (Outcome, error) {
	location, err := unseal(c.Policy, c.Key, cand.Record, cand.Version)
	if err != nil {
		return Outcome{}, err
	}
	program, err := c.Sandbox.Compile(ctx, code)
	if err != nil {
		return Outcome{}, fmt.Errorf("program: %w", err)
	}
	defer func() { _ = program.Close(context.WithoutCancel(ctx)) }()
	// Only the code says whether the host bounds what a row adds. A node that says otherwise would have noise hide nothing.
	if row := program.Row() != nil; row != cand.Program.Row {
		return Outcome{}, fmt.Errorf("%w: row: expected %t, as the code is, the node says %t", sandbox.ErrShape, row, cand.Program.Row)
	}
	vector, trouble := c.run(ctx, cand, plan, location, program)
	if stopped := ctx.Err(); trouble != nil && stopped != nil {
		return Outcome{}, stopped
	}
	if trouble != nil {
		return c.empty(cand, plan.Operations, trouble)
	}
	return c.seal(cand, plan.Operations, vector)
}

// run opens the file, and runs the program over it. The error is errFile, or any other one of the program.
func (c *Computer) run(ctx context.Context, cand Candidate, plan Plan, location source.Location, program *sandbox.Program) ([]int64, error) {
	location, err := c.fileOf(cand, location)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errFile, err)
	}
	spec, commitment := cand.Job.Spec, cand.Version.Content.Commitment
	file := source.Committed{Location: location, Rows: commitment.Rows, Root: commitment.Root}
	job := committed.Job{
		Columns: columnsOf(cand, plan), Input: spec.Input, Length: int(spec.Length),
		Bits: int(min(cand.Program.Bits, cand.Job.Bits(cand.Program))), Operations: plan.Operations,
	}
	if cand.Job.IsSecure() && spec.Secure.Rounds > 1 {
		job.Cache, job.ID = c.Columns, cand.Job.Id
	}
	if job.Rows, err = rowsOf(cand); err != nil {
		return nil, err
	}
	vector, err := committed.Run(ctx, c.Sandbox, program, file, job)
	if errors.Is(err, committed.ErrFile) {
		return nil, fmt.Errorf("%w: %w", errFile, err)
	}
	if err != nil {
		return nil, err
	}
	if err := c.deliverable(cand, file); err != nil {
		return nil, err
	}
	return vector, checkVector(cand, vector)
}

// checkVector checks what the proof needs of a program's vector.
func checkVector(cand Candidate, vector []int64) error {
	most, sum := int64(0), int64(0)
	for _, v := range vector {
		most = max(most, v)
		sum += v // below 2^63 for the only kind that it is looked at for
	}
	if cand.Program.Kind == terms.VectorOneHot && (most != 1 || sum != 1) {
		return fmt.Errorf("%w: expected one slot of 1 and others of 0, got something else", committed.ErrSlot)
	}
	return nil
}

// Empty implements Sharer.
func (c *Computer) Empty(cand Candidate, operations uint64) (Outcome, error) {
	return c.empty(cand, operations, errCrash)
}

// empty is the outcome of an empty record, or the trouble itself if none may be sent: an empty vector would leave the owner out of an exact
// sum, or out of a panel. An engine that fails, for want of memory or of a stack, does so on one machine and not on another: a panel is
// not summed up without a member for that. In jobs whose program the payer chooses it must not be seen.
func (c *Computer) empty(cand Candidate, operations uint64, trouble error) (Outcome, error) {
	if isNothing(trouble) && needsWhole(cand.Job) || errors.Is(trouble, sandbox.ErrEngine) && cand.Job.OverPanels() {
		return Outcome{}, trouble
	}
	vector := make([]int64, cand.Job.Spec.Length)
	if cand.Program.Kind == terms.VectorOneHot {
		vector[0] = 1 // the proof asks for a one somewhere
	}
	if cand.Program.Row {
		cand.Job.Spec.Secure.Ranges.Shift(cand.Version.Content.Commitment.Rows, vector)
	}
	out, err := c.seal(cand, operations, vector)
	out.Trouble = trouble
	return out, err
}

// needsWhole reports whether a job's sum may not hold the vector of an empty record in place of an owner's: an exact one, and one over panels.
func needsWhole(job chain.Job) bool { return job.Statement().Exact() || job.OverPanels() }

// isNothing reports whether a run has no result that such a sum may hold.
func isNothing(trouble error) bool {
	return errors.Is(trouble, errFile) || errors.Is(trouble, errLate) || errors.Is(trouble, errCrash)
}

// seal seals a vector to the job's reader, or to this worker itself.
func (c *Computer) seal(cand Candidate, operations uint64, vector []int64) (Outcome, error) {
	owner, err := chain.ParseAddress(cand.Record.Owner)
	if err != nil {
		return Outcome{}, err
	}
	out := Outcome{Operations: operations, Rows: cand.Version.Content.Commitment.Rows}
	if cand.Job.IsSecure() {
		out.Sealed, err = c.keep(cand, owner, vector)
	} else {
		out.Sealed, err = result.Seal(cand.Job.Spec.ReaderKey, result.Binding{
			ChainID: c.Policy.ChainID, JobID: cand.Job.Id, RecordID: cand.Record.Id,
			Version: cand.Version.Content.Version, Owner: owner,
		}, vector)
	}
	return out, err
}

// CheckFile compares a record's file with the record. It stops soon after ctx is done.
func (c *Computer) CheckFile(ctx context.Context, cand Candidate) error {
	location, err := unseal(c.Policy, c.Key, cand.Record, cand.Version)
	if err != nil {
		return err
	}
	if location, err = c.fileOf(cand, location); err != nil {
		return err
	}
	commitment := cand.Version.Content.Commitment
	rows, err := source.OpenBatches(source.Committed{Location: location, Rows: commitment.Rows, Root: commitment.Root}, nil)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for ctx.Err() == nil {
		if _, err := rows.Next(); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
	return ctx.Err()
}

// rowsOf returns what the rows of a row program are granted and what each may add; nil for a program that takes batches.
func rowsOf(cand Candidate) (*committed.Rows, error) {
	if !cand.Program.Row {
		return nil, nil
	}
	spec := cand.Job.Spec
	base, row, err := cand.Program.Cost.RowOperations(uint32(len(spec.Columns)), spec.Length)
	if err != nil {
		return nil, err
	}
	return &committed.Rows{Base: base, Row: row, Ranges: spec.Secure.Ranges, MicroRho: spec.Secure.MicroRho}, nil
}

func columnsOf(cand Candidate, plan Plan) []source.Column {
	out := make([]source.Column, len(plan.Columns))
	for i, name := range cand.Job.Spec.Columns {
		out[i] = source.Column{Name: name, Column: plan.Columns[i]}
	}
	return out
}
