package worker

import (
	"context"
	"errors"
	"fmt"

	"github.com/alita-network/alita/crypto/result"
	"github.com/alita-network/alita/crypto/seal"
	"github.com/alita-network/alita/node/chain"
	"github.com/alita-network/alita/rows/source"
	"github.com/alita-network/alita/sandbox"
	"github.com/alita-network/alita/sandbox/committed"
)

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
		return source.Location{}, fmt.Errorf("%w: policy: data_dirs: expected a file below one of them, got one elsewhere or none", ErrLocation)
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
	// Columns keeps the converted columns of files between the rounds of a job; nil keeps nothing.
	Columns *source.Cache
}

// Compute runs a candidate's program over the record's file. The file has to be the committed one, the operations have to be
// as many as the cost model says, and every slot has to fit the bits that the program and the job state. The vector leaves it
// only sealed: to the job's reader, or to this worker itself if it is to be shared among seats.
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
	spec, commitment := cand.Job.Spec, cand.Version.Content.Commitment
	file := source.Committed{Location: location, Rows: commitment.Rows, Root: commitment.Root}
	job := committed.Job{
		Columns: columnsOf(cand, plan), Input: spec.Input, Length: int(spec.Length),
		Bits: int(min(cand.Program.Bits, cand.Job.Bits(cand.Program))), Operations: plan.Operations,
	}
	if cand.Job.IsSecure() && spec.Secure.Rounds > 1 {
		job.Cache, job.ID = c.Columns, cand.Job.Id
	}
	vector, err := committed.Run(ctx, c.Sandbox, program, file, job)
	if err != nil {
		return Outcome{}, err
	}
	owner, err := chain.ParseAddress(cand.Record.Owner)
	if err != nil {
		return Outcome{}, err
	}
	out := Outcome{Operations: plan.Operations, Rows: commitment.Rows}
	if cand.Job.IsSecure() {
		out.Sealed, err = c.keep(cand, owner, vector)
	} else {
		out.Sealed, err = result.Seal(spec.ReaderKey, result.Binding{
			ChainID: c.Policy.ChainID, JobID: cand.Job.Id, RecordID: cand.Record.Id,
			Version: cand.Version.Content.Version, Owner: owner,
		}, vector)
	}
	if err != nil {
		return Outcome{}, err
	}
	return out, nil
}

func columnsOf(cand Candidate, plan Plan) []source.Column {
	out := make([]source.Column, len(plan.Columns))
	for i, name := range cand.Job.Spec.Columns {
		out[i] = source.Column{Name: name, Column: plan.Columns[i]}
	}
	return out
}
