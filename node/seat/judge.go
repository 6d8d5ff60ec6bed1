package seat

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	computev1 "github.com/alita-network/alita/api/compute/v1"
	"github.com/alita-network/alita/crypto/seal"
	"github.com/alita-network/alita/crypto/securesum"
	"github.com/alita-network/alita/node/chain"
	"github.com/alita-network/alita/terms"
)

const (
	// maxBatchBytes bounds the preparation shares of one message; terms.Preparations bounds their number.
	maxBatchBytes = 96 << 10
	// perCPU is how many contributions a CPU judges together: their commitments then cost little more than one's.
	perCPU = 32
	// perPreparation is the size of a preparation in a message in addition to its share, in bytes.
	perPreparation = 48
)

// sitting is a seat's memory of one attempt of a job.
type sitting struct {
	round, attempt uint32
	protocol       securesum.Protocol
	noise          securesum.Protocol // of the seats' noise, in a sum with noise
	key            seal.PrivateKey
	contested      bool // the other seats' judgments of the seat's own noise were checked

	mu        sync.Mutex
	judgments map[string]judgment // by contributed
	said      map[string]int64    // by contributed: the height from which the chain shows what the seat has said
}

// contributed names a contribution and its shares: on a chain that was set back, a record may contribute other shares.
func contributed(record string, commitment []byte) string { return record + string(commitment) }

// judgmentOf returns the seat's judgment of a contribution.
func (st *sitting) judgmentOf(c chain.Contribution) (judgment, bool) {
	j, ok := st.judgments[contributed(c.Record, c.ResultCommitment)]
	return j, ok
}

// judgment is a seat's answer about a contribution, with what it needs to open its sum.
type judgment struct {
	share    []byte // empty if it is refused
	prepared securesum.Prepared
	took     time.Duration
}

// Format keeps it out of logs whatever the verb.
func (judgment) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte("(secret)")) }

// sitting returns the memory of the present attempt of a job. From then on, its contributions are judged only under this
// verify_key.
func (s *Seat) sitting(ctx context.Context, job chain.Job, seat int) (*sitting, error) {
	st := s.sittings[job.Id]
	if st != nil && st.round == job.Round && st.attempt == job.Attempt {
		return st, s.Journal.Judging(job)
	}
	protocol, err := s.protocol(ctx, job)
	if err != nil {
		return nil, err
	}
	key, err := s.keyOf(ctx, job, seat)
	if err != nil {
		return nil, err
	}
	if err := s.Journal.Judging(job); err != nil {
		return nil, err
	}
	st = &sitting{round: job.Round, attempt: job.Attempt, protocol: protocol, key: key, judgments: map[string]judgment{}, said: map[string]int64{}}
	st.noise, _ = protocol.Noise()
	s.sittings[job.Id] = st
	return st, nil
}

// protocol is the protocol of the present attempt of a job.
func (s *Seat) protocol(ctx context.Context, job chain.Job) (securesum.Protocol, error) {
	program, ok := s.programs[job.Spec.ProgramId]
	if !ok {
		var err error
		if program, err = s.Chain.Program(ctx, job.Spec.ProgramId); err != nil {
			return securesum.Protocol{}, err
		}
		s.programs[job.Spec.ProgramId] = program
	}
	return chain.ProtocolOf(s.ChainID, job, program)
}

// judge sends one message with preparation shares of noise and contributions that this seat has not judged.
func (s *Seat) judge(ctx context.Context, job chain.Job, seat int) error {
	if s.later(job) {
		return nil
	}
	st, err := s.sitting(ctx, job, seat)
	if err != nil {
		return err
	}
	all, err := s.contributions(ctx, job)
	if err != nil {
		return err
	}
	unanswered := func(list []chain.Contribution) []chain.Contribution {
		return slices.DeleteFunc(list, func(c chain.Contribution) bool {
			return !job.Current(c) || c.Prepared&(1<<seat) != 0 || s.height < st.said[contributed(c.Record, c.ResultCommitment)]
		})
	}
	noise, open := unanswered(job.Noises()), unanswered(all)
	left := len(noise) + len(open)
	if left == 0 {
		return nil
	}
	// Noise goes first; contributions fill what its answers leave of the message's gas.
	noise, gas := fitting(st.noise, noise, terms.AnswerGas)
	open, gas = fitting(st.protocol, open, gas)
	open = append(noise, open...)
	msg := &computev1.MsgPrepare{Account: s.Address, JobId: job.Id, Attempt: job.Attempt}
	var size, refused int
	var took time.Duration
	for i := 0; i < len(open) && size < maxBatchBytes; {
		group := open[i:min(i+perCPU*s.CPUs, len(open))]
		i += len(group)
		if err := s.prepare(ctx, st, job, seat, group); err != nil {
			return err
		}
		for _, c := range group {
			j, _ := st.judgmentOf(c)
			if len(j.share) == 0 {
				refused++
			}
			took += j.took
			size += len(j.share) + perPreparation
			msg.Preparations = append(msg.Preparations, &computev1.Preparation{RecordId: c.Record, Share: j.share})
		}
	}
	n := len(msg.Preparations)
	// The seat that judges a contribution last pays for combining the preparation shares, which a simulation before the others'
	// messages does not see.
	res, ok, err := s.send(ctx, job, "judgment", msg, gas)
	if err != nil || !ok {
		return err
	}
	for _, c := range open[:n] {
		st.said[contributed(c.Record, c.ResultCommitment)] = s.outbox.ShownFrom(job.Id)
	}
	s.counts.judged += uint64(n)
	s.counts.refused += uint64(refused)
	s.Log.Info("judged", "job", job.Id, "round", job.Round, "attempt", job.Attempt, "seat", seat, "contributions", n, "refused", refused,
		"left", left-n, "ms_each", float64(took.Microseconds())/1000/float64(n), "height", res.Height, "tx", res.Hash, "gas", res.GasUsed)
	return nil
}

// fitting is how many of a list a message has room for, which takes some gas without them, and its gas with them. There is room for one at
// least.
func fitting(protocol securesum.Protocol, list []chain.Contribution, gas uint64) ([]chain.Contribution, uint64) {
	if len(list) == 0 {
		return nil, gas
	}
	each := terms.PreparationsGas(1, protocol.SharedSize(), protocol.PreparationSize()) - terms.AnswerGas
	n := int((terms.MaxAnswerGas - min(gas, terms.MaxAnswerGas)) / each)
	if gas == terms.AnswerGas {
		n = max(n, 1)
	}
	n = min(n, len(list), terms.MaxPreparations)
	return list[:n], gas + uint64(n)*each
}

// prepare judges the contributions that are not judged yet, noise among them, in a batch for each CPU.
func (s *Seat) prepare(ctx context.Context, st *sitting, job chain.Job, seat int, list []chain.Contribution) error {
	var batch, noise []submitted
	for _, c := range list {
		if _, done := st.judgmentOf(c); done {
			continue
		}
		sub, err := s.fetch(ctx, job, c)
		if err != nil {
			return err
		}
		if c.IsNoise() {
			noise = append(noise, sub)
		} else {
			batch = append(batch, sub)
		}
	}
	var workers errgroup.Group
	judge := func(protocol securesum.Protocol, batch []submitted) {
		each := (len(batch) + s.CPUs - 1) / max(s.CPUs, 1)
		for part := range slices.Chunk(batch, max(each, 1)) {
			workers.Go(func() error { return s.prepareBatch(protocol, st, job, seat, part) })
		}
	}
	judge(st.protocol, batch)
	judge(st.noise, noise)
	return workers.Wait()
}

// submitted is a contribution as the chain has it.
type submitted struct {
	securesum.Submitted
	owner      string
	commitment []byte
}

// fetch asks the node for the shares that an owner or a seat has sent, and compares them with the hash in the contribution.
func (s *Seat) fetch(ctx context.Context, job chain.Job, c chain.Contribution) (submitted, error) {
	of := terms.NoiseOf(c.Record)
	if !c.IsNoise() {
		owner, err := chain.ParseAddress(c.Owner)
		if err != nil {
			return submitted{}, err
		}
		of = securesum.Contribution{Record: c.Record, Version: c.Version, Owner: owner}
	}
	shared, err := s.Chain.Shares(ctx, job.Id, c.Record)
	if err != nil {
		return submitted{}, err
	}
	if hash := securesum.Hash(shared); string(hash[:]) != string(c.ResultCommitment) {
		return submitted{}, fmt.Errorf("shares of record %s: expected the hash %x from the node, got %x", c.Record, c.ResultCommitment, hash)
	}
	return submitted{securesum.Submitted{Contribution: of, Shared: shared}, c.Owner, c.ResultCommitment}, nil
}

func (s *Seat) prepareBatch(protocol securesum.Protocol, st *sitting, job chain.Job, seat int, part []submitted) error {
	batch := make([]securesum.Submitted, len(part))
	for i, sub := range part {
		batch[i] = sub.Submitted
	}
	begun := time.Now()
	judged, err := protocol.PrepareBatch(rand.Reader, job.VerifyKey, seat, st.key, batch)
	if err != nil {
		return err
	}
	took := time.Since(begun) / time.Duration(len(part))
	st.mu.Lock()
	defer st.mu.Unlock()
	for i, j := range judged {
		record := part[i].Record
		if j.Refused != nil {
			s.Log.Warn("refused a contribution", "job", job.Id, "record", record, "owner", part[i].owner, "round", job.Round,
				"attempt", job.Attempt, "reason", j.Refused.Error())
		}
		st.judgments[contributed(record, part[i].commitment)] = judgment{share: j.Share, prepared: j.Prepared, took: took}
	}
	return nil
}
