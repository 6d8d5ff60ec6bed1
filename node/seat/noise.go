package seat

import (
	"context"
	"crypto/sha3"
	"fmt"
	"io"

	computev1 "github.com/alita-network/alita/api/compute/v1"
	"github.com/alita-network/alita/crypto/label"
	"github.com/alita-network/alita/crypto/seal"
	"github.com/alita-network/alita/crypto/securesum"
	"github.com/alita-network/alita/node/chain"
	"github.com/alita-network/alita/terms"
)

// The noise of a seat follows from the key that it has for the job, which is random, on the disk before anything is sent, and erased when the
// job is over. So a restart repeats the noise, another round or attempt has other noise, and nobody can repeat it afterwards.

// addNoise hands in the noise of this seat for the present attempt of a job.
func (s *Seat) addNoise(ctx context.Context, job chain.Job, seat int) error {
	if s.later(job) || !s.outbox.Shown(job.Id, s.height) {
		return nil
	}
	made, err := s.noise(ctx, job, seat)
	if err != nil {
		return err
	}
	hash := securesum.Hash(made.shared)
	if err := s.Journal.AddingNoise(job, hash[:]); err != nil {
		return err
	}
	msg := &computev1.MsgAddNoise{Account: s.Address, JobId: job.Id, Round: job.Round, Shared: chain.SharedVector(made.shared, job.Attempt)}
	noise := made.protocol
	res, ok, err := s.send(ctx, job, "noise", msg, terms.NoiseGas(noise.ProvedBits(), noise.Slots(), noise.SharedSize()))
	if err != nil || !ok {
		return err
	}
	s.counts.noises++
	s.Log.Info("added noise", "job", job.Id, "round", job.Round, "attempt", job.Attempt, "seat", seat, "height", res.Height, "tx", res.Hash, "gas", res.GasUsed)
	return nil
}

// madeNoise is the shared noise of a seat in an attempt, with what it takes to accuse another one.
type madeNoise struct {
	round, attempt uint32
	protocol       securesum.Protocol
	shared         securesum.Shared
	evidence       securesum.Evidence
	keys           []seal.PublicKey
}

// Format keeps it out of logs whatever the verb.
func (madeNoise) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte("(secret)")) }

// noise is the noise of this seat in an attempt of a job, which takes seconds if the vector is long.
func (s *Seat) noise(ctx context.Context, job chain.Job, seat int) (madeNoise, error) {
	if made, ok := s.noises[job.Id]; ok && made.round == job.Round && made.attempt == job.Attempt {
		return made, nil
	}
	made, err := s.makeNoise(ctx, job, seat)
	if err == nil {
		s.noises[job.Id] = made
	}
	return made, err
}

// makeNoise draws the noise of this seat and shares it. The same job and attempt give the same shares.
func (s *Seat) makeNoise(ctx context.Context, job chain.Job, seat int) (madeNoise, error) {
	key, err := s.keyOf(ctx, job, seat)
	if err != nil {
		return madeNoise{}, err
	}
	whole, err := s.Chain.Job(ctx, job.Id)
	if err != nil {
		return madeNoise{}, err
	}
	if whole.Round != job.Round || whole.Attempt != job.Attempt || len(whole.Seats) != len(job.Seats) {
		return madeNoise{}, fmt.Errorf("job %s: expected round %d, attempt %d, got %d and %d from the same node", job.Id, job.Round, job.Attempt, whole.Round, whole.Attempt)
	}
	sum, err := s.protocol(ctx, whole)
	if err != nil {
		return madeNoise{}, err
	}
	protocol, noised := sum.Noise()
	if !noised {
		return madeNoise{}, fmt.Errorf("job %s: expected a sum with noise, got an exact one", job.Id)
	}
	made := madeNoise{round: job.Round, attempt: job.Attempt, protocol: protocol}
	seed, err := key.Bytes()
	if err != nil {
		return madeNoise{}, err
	}
	asked := whole.SecureSum(s.ChainID)
	ranges := asked.RangesHash()
	bound := [][]byte{seed, []byte(s.ChainID), []byte(job.Id), label.Uint64(uint64(job.Round)), label.Uint64(uint64(job.Attempt)), ranges[:]}
	for i, other := range whole.Seats {
		public, err := seal.ParsePublicKey(other.Key)
		if err != nil {
			return madeNoise{}, fmt.Errorf("seat %d: %w", i, err)
		}
		made.keys = append(made.keys, public)
		bound = append(bound, other.Key)
	}
	secret := label.Hash("alita/seat/noise/v1", bound...)
	vector, err := asked.Ranges.Noise(noiseStream(secret[:]))
	if err != nil {
		return madeNoise{}, err
	}
	made.shared, made.evidence, err = protocol.Share(terms.NoiseOf(whole.Seats[seat].Operator), made.keys, vector, secret[:])
	return made, err
}

// noiseStream is the stream of bits from which noise is drawn.
func noiseStream(secret []byte) io.Reader {
	seed := label.Hash("alita/seat/noise-bits/v1", secret)
	stream := sha3.NewSHAKE256()
	_, _ = stream.Write(seed[:])
	return stream
}

// contest handles noise of this seat that the chain found invalid. It looks for a seat whose preparation share does not follow from its share
// of the noise, and accuses it: otherwise this seat is taken for a liar. The evidence reveals the share that the accused seat knows. The seat's
// own share stays hidden, and with it the noise.
func (s *Seat) contest(ctx context.Context, job chain.Job, seat int) error {
	if s.later(job) {
		return nil
	}
	st, err := s.sitting(ctx, job, seat)
	if err != nil || st.contested {
		return err
	}
	made, err := s.noise(ctx, job, seat)
	if err != nil {
		return err
	}
	operator := job.Seats[seat].Operator
	preparations, err := s.Chain.Preparations(ctx, job.Id, operator)
	if err != nil {
		return err
	}
	if len(preparations.Shares) != len(job.Seats) {
		return fmt.Errorf("preparations: expected one of each of %d seats, got %d", len(job.Seats), len(preparations.Shares))
	}
	attrs := []any{"job", job.Id, "round", job.Round, "attempt", job.Attempt}
	for i, said := range preparations.Shares {
		if i == seat {
			continue
		}
		lied, err := made.protocol.Lied(terms.NoiseOf(operator), made.shared, job.VerifyKey, i, made.keys[i].Bytes(), made.evidence[i], said)
		if err != nil {
			return err
		}
		if !lied {
			continue
		}
		msg := &computev1.MsgAccuseSeat{Worker: s.Address, JobId: job.Id, RecordId: operator, Seat: uint32(i), Randomness: made.evidence[i]}
		res, ok, err := s.send(ctx, job, "accusation", msg, 0)
		if err != nil || !ok {
			return err
		}
		st.contested = true
		s.Log.Warn("accused a seat that judged the noise falsely", append(attrs, "seat", i, "operator", job.Seats[i].Operator, "height", res.Height, "tx", res.Hash)...)
		return nil
	}
	st.contested = true
	s.Log.Error("noise found invalid", append(attrs, "reason", "every seat has judged it rightly: this seat loses its bond")...)
	return nil
}
