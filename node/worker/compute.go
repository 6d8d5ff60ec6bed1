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
)

// ErrModel means that a program did not keep to its cost model.
var ErrModel = errors.New("the program does not keep to its cost model")

// ErrLocation means that a record's location is not usable on this machine.
var ErrLocation = errors.New("location")

// OpenLocation unseals where a record's file lies and checks that the policy lets it be read.
func OpenLocation(p Policy, key seal.PrivateKey, record chain.Record, v chain.Version) (source.Location, error) {
	owner, err := chain.ParseAddress(record.Owner)
	if err != nil {
		return source.Location{}, err
	}
	plain, err := seal.Open(seal.RecordLabel(p.ChainID, record.Id, owner), sealedLocation(v), key)
	if err != nil {
		return source.Location{}, fmt.Errorf("%w: %w", ErrLocation, err)
	}
	l, err := source.UnmarshalLocation(plain)
	if err != nil {
		return source.Location{}, err
	}
	if !p.AllowsFile(l.Path) {
		return source.Location{}, fmt.Errorf("%w: policy: the file is missing or not below one of data_dirs", ErrLocation)
	}
	return l, nil
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

// Outcome is a finished run.
type Outcome struct {
	Operations uint64
	Rows       uint64
	Sealed     result.Sealed
}

// Computer runs programs over local files and seals what they give.
type Computer struct {
	Policy  Policy
	Key     seal.PrivateKey
	Sandbox *sandbox.Sandbox
}

// Compute runs a candidate's program over the record's file. The vector leaves it only sealed to the job's reader, or to this
// worker itself where it is to be shared among seats,
// and only if the file is the committed one, the operations are those of the cost model and every slot fits the
// program's bits.
func (c *Computer) Compute(ctx context.Context, cand Candidate, plan Plan, code []byte) (Outcome, error) {
	location, err := OpenLocation(c.Policy, c.Key, cand.Record, cand.Version)
	if err != nil {
		return Outcome{}, err
	}
	program, err := c.Sandbox.Compile(ctx, code)
	if err != nil {
		return Outcome{}, fmt.Errorf("program: %w", err)
	}
	defer func() { _ = program.Close(context.WithoutCancel(ctx)) }()

	commitment := cand.Version.Content.Commitment
	rows, err := source.OpenBatches(location.Path, location.Format, location.Seed, commitment.Rows, commitment.Root, columnsOf(cand, plan))
	if err != nil {
		return Outcome{}, err
	}
	defer func() { _ = rows.Close() }()

	spec := cand.Job.Spec
	shape := sandbox.Shape{Columns: len(spec.Columns), Length: int(spec.Length)}
	got, err := c.Sandbox.Run(ctx, program, shape, spec.Input, &batches{rows: rows, columns: len(spec.Columns)}, plan.Operations)
	if errors.Is(err, sandbox.ErrOperations) {
		return Outcome{}, fmt.Errorf("%w: more than the %d operations of the model for %d rows", ErrModel, plan.Operations, commitment.Rows)
	}
	if err != nil {
		return Outcome{}, err
	}
	if got.Operations != plan.Operations {
		return Outcome{}, fmt.Errorf("%w: %d operations metered, %d by the model for %d rows", ErrModel, got.Operations, plan.Operations, commitment.Rows)
	}
	// Only now is it certain that the rows were the committed ones.
	if err := rows.Finish(); err != nil {
		return Outcome{}, err
	}
	bits := min(cand.Program.Bits, cand.Job.Bits(cand.Program))
	for i, v := range got.Vector {
		if v < 0 || (bits < 63 && v>>bits != 0) {
			return Outcome{}, fmt.Errorf("slot %d of the vector exceeds the %d bits that the program or the job states", i, bits)
		}
	}
	owner, err := chain.ParseAddress(cand.Record.Owner)
	if err != nil {
		return Outcome{}, err
	}
	if cand.Job.IsSecure() {
		kept, err := c.keep(cand, owner, got.Vector)
		if err != nil {
			return Outcome{}, err
		}
		return Outcome{Operations: got.Operations, Rows: commitment.Rows, Sealed: kept}, nil
	}
	sealed, err := result.Seal(spec.ReaderKey, result.Binding{
		ChainID: c.Policy.ChainID, JobID: cand.Job.Id, RecordID: cand.Record.Id,
		Version: cand.Version.Content.Version, Owner: owner,
	}, got.Vector)
	if err != nil {
		return Outcome{}, err
	}
	return Outcome{Operations: got.Operations, Rows: commitment.Rows, Sealed: sealed}, nil
}

func columnsOf(cand Candidate, plan Plan) []source.Column {
	out := make([]source.Column, len(plan.Columns))
	for i, name := range cand.Job.Spec.Columns {
		out[i] = source.Column{Name: name, Convert: source.FixedPoint(plan.Columns[i])}
	}
	return out
}

// batches hands verified rows to the sandbox.
type batches struct {
	rows    *source.Batches
	columns int
	out     []sandbox.Column
}

func (b *batches) Columns() int { return b.columns }

func (b *batches) Next(ctx context.Context) (sandbox.Batch, error) {
	if err := ctx.Err(); err != nil {
		return sandbox.Batch{}, err
	}
	batch, err := b.rows.Next()
	if errors.Is(err, io.EOF) {
		return sandbox.Batch{}, io.EOF
	}
	if err != nil {
		return sandbox.Batch{}, err
	}
	b.out = b.out[:0]
	for i := range b.columns {
		b.out = append(b.out, sandbox.Column{Values: batch.Values[i], Valid: batch.Valid[i]})
	}
	return sandbox.Batch{Rows: batch.Rows, Columns: b.out}, nil
}
