package worker

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/bits"

	"google.golang.org/protobuf/proto"

	computev1 "github.com/alita-network/alita/api/compute/v1"
	"github.com/alita-network/alita/crypto/securesum"
	"github.com/alita-network/alita/node/chain"
	"github.com/alita-network/alita/node/follow"
	"github.com/alita-network/alita/terms"
)

// maxWait is how many blocks pass at most before a message that was refused is sent again.
const maxWait = 32

// contributor sends what a worker has computed, and records what the chain has taken.
type contributor struct {
	view    *view
	memory  *memory
	shares  Sharer
	outbox  *follow.Outbox[Key]
	checked map[Key]uint32 // the last attempt in which the seats' judgments of an invalid contribution were checked
}

func newContributor(cfg *Config, v *view, m *memory) *contributor {
	return &contributor{
		view: v, memory: m, shares: cfg.Shares, outbox: follow.NewOutbox[Key](cfg.Sender, cfg.Log, maxWait), checked: map[Key]uint32{},
	}
}

// ours reports whether a contribution on the chain has the sealed vector, or the hash of the shares, of a journal's entry.
func ours(c chain.Contribution, e Entry) bool {
	if e.Round > 0 {
		return len(e.Commitment) > 0 && string(e.Commitment) == string(c.ResultCommitment)
	}
	return len(e.Enc) > 0 && string(terms.SealedVectorHash(e.Enc, e.Ciphertext)) == string(c.ResultCommitment)
}

// reconcile asks whether the chain already holds a contribution of a record, from here or from another worker of the
// owner, and records it.
func (c *contributor) reconcile(ctx context.Context, job chain.Job, e Entry) (taken bool, err error) {
	on, err := c.view.chain.Contribution(ctx, e.Job, e.Record)
	if errors.Is(err, chain.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if job.IsSecure() && !job.Current(on) {
		return false, nil
	}
	if !ours(on, e) {
		return true, c.memory.finish(e, fmt.Sprintf("the chain holds a contribution that this journal does not know, made by %s", on.Worker))
	}
	if e.Stage == StagePrepared {
		return true, c.contributed(e, chain.TxResult{Height: on.Height})
	}
	return true, nil
}

// attest sends the attestation of a vector that is sealed to the job's reader.
func (c *contributor) attest(ctx context.Context, e Entry, job chain.Job) error {
	if declined, err := c.reconsiderFirst(ctx, e, job); err != nil || declined {
		return err
	}
	if !e.Due.Sent {
		e.Due.Sent = true
		if err := c.memory.append(e); err != nil {
			return err
		}
	}
	hash := terms.SealedVectorHash(e.Enc, e.Ciphertext)
	msg := &computev1.MsgContribute{Worker: c.view.address, Attestation: attestation(e, job, hash)}
	res, ok, err := c.send(ctx, e.Key, job, "contribution", msg)
	if err != nil || !ok {
		return err
	}
	return c.contributed(e, res)
}

// attestation is the owner's statement about a run; hash commits to its result.
func attestation(e Entry, job chain.Job, hash []byte) *computev1.Attestation {
	return &computev1.Attestation{
		JobId: e.Job, RecordId: e.Record, Version: e.Version, RowRoot: e.RowRoot, Rows: e.Rows,
		Operations: e.Operations, ResultCommitment: hash, Round: job.Round,
	}
}

// share sends the attestation of a vector with its shares for the seats of the present attempt. It first records the hash of
// the shares.
func (c *contributor) share(ctx context.Context, e Entry, job chain.Job) error {
	if c.outbox.Waits(e.Key, c.view.at.Height) {
		return nil
	}
	if declined, err := c.reconsiderFirst(ctx, e, job); err != nil || declined {
		return err
	}
	program, err := c.view.program(ctx, job.Spec.ProgramId)
	if err != nil {
		return err
	}
	bound, err := e.Bound.of(job)
	switch {
	case errors.Is(err, errPastAttempt):
		return nil // a node that lags
	case err != nil:
		return c.memory.decline(e.Key, *final("%s", err))
	}
	shared, err := c.shares.Share(job, program, e)
	if err != nil {
		return c.memory.decline(e.Key, *final("shares: %s", err))
	}
	hash := securesum.Hash(shared)
	if e.Stage != StagePrepared || e.Attempt != job.Attempt || string(e.Commitment) != string(hash[:]) || e.Bound.Attempt != bound.Attempt || !e.Due.Sent {
		e.Bound, e.Due.Sent = bound, true
		e.Stage, e.Sharing, e.TxHash = StagePrepared, Sharing{Attempt: job.Attempt, Commitment: hash[:]}, ""
		if err := c.memory.append(e); err != nil {
			return err
		}
	}
	msg := &computev1.MsgContribute{
		Worker: c.view.address, Attestation: attestation(e, job, hash[:]), Shared: chain.SharedVector(shared, job.Attempt),
	}
	res, ok, err := c.send(ctx, e.Key, job, "contribution", msg)
	if err != nil || !ok {
		return err
	}
	return c.contributed(e, res)
}

// contributed records that the chain holds an entry's contribution.
func (c *contributor) contributed(e Entry, res chain.TxResult) error {
	c.outbox.Forget(e.Key)
	c.memory.counts.contributed++
	attrs := []any{"job", e.Job, "record", e.Record, "operations", e.Operations, "height", res.Height, "tx", res.Hash, "gas", res.GasUsed}
	if e.Round > 0 {
		attrs = append(attrs, "round", e.Round, "attempt", e.Attempt)
	}
	c.memory.log.Info("contributed", attrs...)
	e.Stage, e.TxHash = StageContributed, res.Hash
	return c.memory.append(e)
}

// deliver sends the sealed vector of an accepted contribution.
func (c *contributor) deliver(ctx context.Context, e Entry, job chain.Job) error {
	if declined, err := c.reconsider(ctx, e, job); err != nil || declined {
		return err
	}
	msg := &computev1.MsgDeliver{
		Worker: c.view.address, JobId: e.Job, RecordId: e.Record,
		Sealed: &computev1.SealedVector{Enc: e.Enc, Ciphertext: e.Ciphertext},
	}
	res, ok, err := c.send(ctx, e.Key, job, "delivery", msg)
	if err != nil || !ok {
		return err
	}
	return c.delivered(e, res.Hash)
}

// delivered records that the chain holds an entry's sealed vector.
func (c *contributor) delivered(e Entry, tx string) error {
	c.memory.counts.delivered++
	c.memory.log.Info("delivered", "job", e.Job, "record", e.Record, "tx", tx)
	e.Stage, e.TxHash = StageDelivered, tx
	return c.memory.append(e)
}

// contest handles a contribution that the chain found invalid. It looks for a seat whose preparation share does not follow from
// its share of the contribution, and accuses it. If there is none, the contribution itself was wrong.
func (c *contributor) contest(ctx context.Context, e Entry, job chain.Job, on chain.Contribution) error {
	if c.checked[e.Key] == job.Attempt || c.outbox.Waits(e.Key, c.view.at.Height) {
		return nil
	}
	program, err := c.view.program(ctx, job.Spec.ProgramId)
	if err != nil {
		return err
	}
	preparations, err := c.view.chain.Preparations(ctx, e.Job, e.Record)
	if err != nil {
		return err
	}
	attrs := []any{"job", e.Job, "record", e.Record, "round", e.Round, "attempt", e.Attempt}
	accusation, found, err := c.shares.Accuse(job, program, e, preparations.Shares)
	if err != nil || !found {
		c.checked[e.Key] = job.Attempt
		c.memory.log.Warn("own contribution was refused", append(attrs, "reason", whyRefused(on, len(job.Seats), err))...)
		return nil
	}
	// The accusation gives the share of one seat away, the simulation of its transaction does so, too: it is recorded before.
	bound, err := e.Bound.accuse(accusation.Seat)
	if err != nil {
		c.checked[e.Key] = job.Attempt
		c.memory.log.Warn("accuses no other seat", append(attrs, "seat", accusation.Seat, "reason", err.Error())...)
		return nil
	}
	if e.Bound.Accused != bound.Accused {
		e.Bound = bound
		if err := c.memory.append(e); err != nil {
			return err
		}
	}
	msg := &computev1.MsgAccuseSeat{
		Worker: c.view.address, JobId: e.Job, RecordId: e.Record, Seat: accusation.Seat, Randomness: accusation.Randomness,
	}
	res, ok, err := c.send(ctx, e.Key, job, "accusation", msg)
	if err != nil {
		return err
	}
	if !ok {
		if !chain.IsNoFault(c.outbox.Refusal(e.Key)) {
			return nil
		}
		c.checked[e.Key] = job.Attempt
		e.Bound.NoFault = true
		return c.memory.append(e)
	}
	c.checked[e.Key] = job.Attempt
	c.memory.log.Warn("accused a seat that judged falsely",
		append(attrs, "seat", accusation.Seat, "operator", job.Seats[accusation.Seat].Operator, "tx", res.Hash)...)
	return nil
}

// whyRefused says why the chain found a contribution invalid. err is the error of checking the seats.
func whyRefused(on chain.Contribution, seats int, err error) string {
	switch {
	case err != nil:
		return err.Error()
	case on.Refused == 0:
		return "the seats' preparation shares do not prove that the vector is within its bounds, and no seat lied"
	}
	return fmt.Sprintf("%d of %d seats refused it, all of them rightly", bits.OnesCount32(on.Refused), seats)
}

// reconsider declines a vector that was computed under another policy, if the present one does not allow it.
func (c *contributor) reconsider(ctx context.Context, e Entry, job chain.Job) (declined bool, err error) {
	program, err := c.view.program(ctx, job.Spec.ProgramId)
	if err != nil {
		return false, err
	}
	d := c.view.policy.Allows(job, program, e.Record)
	if d == nil {
		return false, nil
	}
	return true, c.memory.decline(e.Key, *d)
}

// reconsiderFirst is reconsider, and declines the first message about a vector as well if the chain allows it no more: the record
// and its grants may have changed during the run.
func (c *contributor) reconsiderFirst(ctx context.Context, e Entry, job chain.Job) (declined bool, err error) {
	if declined, err := c.reconsider(ctx, e, job); err != nil || declined || e.Stage != StagePrepared || e.Bound.Attempt > 0 {
		return declined, err
	}
	l, ok := c.view.records[e.Record]
	if !ok {
		return true, c.memory.decline(e.Key, *open("record %s: expected one that takes part, got none", e.Record))
	}
	cand, err := c.view.candidate(ctx, job, l)
	if err != nil {
		return false, err
	}
	for _, check := range []func(Candidate) *Decline{c.view.policy.checkPanel, checkRecord, c.view.policy.checkGrants} {
		if d := check(cand); d != nil {
			return true, c.memory.decline(e.Key, *d)
		}
	}
	return false, nil
}

// send sends a message in the present phase of a job. ok reports whether a block holds it.
func (c *contributor) send(ctx context.Context, k Key, job chain.Job, name string, msg proto.Message) (res chain.TxResult, ok bool, err error) {
	return c.outbox.Send(ctx, c.view.at.Height, follow.Message[Key]{
		Key: k, Body: msg, Limits: chain.Limits{NotAfter: job.DeadlineHeight, Lane: chain.LaneContributions}, Name: name, Attrs: []any{"job", k.Job, "record", k.Record},
	})
}

// retain drops what is known of records in jobs that are not pending.
func (c *contributor) retain(pending []Entry) {
	needed := make(map[Key]bool, len(pending))
	for _, e := range pending {
		needed[e.Key] = true
	}
	c.outbox.Retain(func(k Key) bool { return needed[k] })
	maps.DeleteFunc(c.checked, func(k Key, _ uint32) bool { return !needed[k] })
}

// setBack forgets what waits for a height, and what was checked in attempts that may be others now.
func (c *contributor) setBack() {
	c.outbox.Reset()
	clear(c.checked)
}
