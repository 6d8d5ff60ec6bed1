package worker

import (
	"fmt"

	"github.com/alita-network/alita/crypto/result"
	"github.com/alita-network/alita/crypto/seal"
	"github.com/alita-network/alita/crypto/securesum"
	"github.com/alita-network/alita/node/chain"
)

// Sharer makes the shares of a vector that the journal keeps, and what else needs the secret key of the worker. *Computer implements it.
type Sharer interface {
	// NewSecret returns a new random secret for a record in a job and round, encrypted for the journal.
	NewSecret(k Key) ([]byte, error)
	// Draw draws a number below n, at least 1, for an attempt. The same arguments give the same number.
	Draw(k Key, secret []byte, attempt uint32, n uint64) (uint64, error)
	// Empty is the outcome of a run that has not come to an end. There is none without noise; then the error says so.
	Empty(c Candidate, operations uint64) (Outcome, error)
	// Share shares the vector of an entry among the seats of the present attempt of a job. The same arguments give the same shares.
	Share(job chain.Job, program chain.Program, e Entry) (securesum.Shared, error)
	// Accuse finds a seat whose preparation share does not follow from its share of an entry's vector; found is false if all do.
	Accuse(job chain.Job, program chain.Program, e Entry, preparations [][]byte) (a Accusation, found bool, err error)
}

// Accusation is evidence against a seat. It reveals the share that the seat knows, and no other.
type Accusation struct {
	Seat       uint32
	Randomness []byte
}

// Format keeps it out of logs whatever the verb.
func (Accusation) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte("(secret)")) }

// framing bounds what the protobuf encoding of shared vectors adds, in bytes: once for each seat, and once more.
const framing = 24

// SharedSize is the largest size of the shares of a contribution to a job, in bytes.
func SharedSize(p securesum.Protocol) int { return p.SharedSize() + framing*(p.Seats()+1) }

// Share implements Sharer.
func (c *Computer) Share(job chain.Job, program chain.Program, e Entry) (securesum.Shared, error) {
	shared, _, _, err := c.share(job, program, e)
	return shared, err
}

// Accuse implements Sharer.
func (c *Computer) Accuse(job chain.Job, program chain.Program, e Entry, preparations [][]byte) (Accusation, bool, error) {
	if len(preparations) != len(job.Seats) {
		return Accusation{}, false, fmt.Errorf("preparations: expected one of each of %d seats, got %d", len(job.Seats), len(preparations))
	}
	protocol, err := chain.ProtocolOf(c.Policy.ChainID, job, program)
	if err != nil {
		return Accusation{}, false, err
	}
	shared, evidence, of, err := c.share(job, program, e)
	if err != nil {
		return Accusation{}, false, err
	}
	for i := range job.Seats {
		lied, err := protocol.Lied(of, shared, job.VerifyKey, i, job.Seats[i].Key, evidence[i], preparations[i])
		if err != nil {
			return Accusation{}, false, err
		}
		if lied {
			return Accusation{Seat: uint32(i), Randomness: evidence[i]}, true, nil
		}
	}
	return Accusation{}, false, nil
}

func (c *Computer) share(job chain.Job, program chain.Program, e Entry) (securesum.Shared, securesum.Evidence, securesum.Contribution, error) {
	fail := func(err error) (securesum.Shared, securesum.Evidence, securesum.Contribution, error) {
		return securesum.Shared{}, nil, securesum.Contribution{}, err
	}
	protocol, err := chain.ProtocolOf(c.Policy.ChainID, job, program)
	if err != nil {
		return fail(err)
	}
	owner, err := chain.ParseAddress(c.Policy.Owner)
	if err != nil {
		return fail(err)
	}
	k, v := e.Key, e.Vector
	if k.Round != job.Round {
		return fail(fmt.Errorf("vector: expected one of round %d, got one of round %d", job.Round, k.Round))
	}
	keys := make([]seal.PublicKey, len(job.Seats))
	for i, s := range job.Seats {
		if keys[i], err = seal.ParsePublicKey(s.Key); err != nil {
			return fail(fmt.Errorf("seat %d: %w", i, err))
		}
	}
	signed, err := result.Open(c.Key, c.keptBinding(k.Job, k.Record, v.Version, k.Round, owner), int(job.Spec.Length),
		result.Sealed{Enc: v.Enc, Ciphertext: v.Ciphertext})
	if err != nil {
		return fail(fmt.Errorf("vector in the journal: %w", err))
	}
	vector := make([]uint64, len(signed))
	for i, slot := range signed {
		vector[i] = uint64(slot)
	}
	of := securesum.Contribution{Record: k.Record, Version: v.Version, Owner: owner}
	secret, err := c.secret(k, e.Secret)
	if err != nil {
		return fail(err)
	}
	shared, evidence, err := protocol.Share(of, keys, vector, secret)
	if err != nil {
		return fail(err)
	}
	return shared, evidence, of, nil
}

// keep seals a vector to this worker itself. The journal keeps it until the round is over, because every attempt shares it
// again.
func (c *Computer) keep(cand Candidate, owner []byte, vector []int64) (result.Sealed, error) {
	return result.Seal(c.Key.Public().Bytes(),
		c.keptBinding(cand.Job.Id, cand.Record.Id, cand.Version.Content.Version, cand.Job.Round, owner), vector)
}

func (c *Computer) keptBinding(job, record, version string, round uint32, owner []byte) result.Binding {
	return result.Binding{
		ChainID: c.Policy.ChainID, JobID: fmt.Sprintf("%s, round %d, kept", job, round), RecordID: record, Version: version, Owner: owner,
	}
}
