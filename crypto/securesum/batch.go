package securesum

import (
	"errors"
	"fmt"
	"io"

	"github.com/alita-network/alita/crypto/pedersen"
	"github.com/alita-network/alita/crypto/prio3"
	"github.com/alita-network/alita/crypto/seal"
)

// Submitted is a contribution with what its owner sent.
type Submitted struct {
	Contribution
	Shared Shared
}

// Judgment is a seat's answer to a contribution: a preparation share, or why it refuses.
type Judgment struct {
	// Share is the preparation share, Prepared what the seat keeps; both are empty if Refused is set.
	Share    []byte
	Prepared Prepared
	// Refused wraps ErrRefused, or ErrForm for what CheckShared refuses.
	Refused error
}

// PrepareBatch judges contributions as Prepare judges each. Their commitments are checked together, which is most of the work of
// judging one: random combinations of all of them cost little more than one (pedersen.Scheme.CheckBatch). The source of
// randomness must be cryptographic; with probability 2^-128 a wrong commitment passes.
func (p Protocol) PrepareBatch(random io.Reader, verifyKey []byte, seat int, key seal.PrivateKey, batch []Submitted) ([]Judgment, error) {
	if len(verifyKey) != prio3.KeySize {
		return nil, fmt.Errorf("%w: verification key: expected %d bytes, got %d", ErrForm, prio3.KeySize, len(verifyKey))
	}
	out := make([]Judgment, len(batch))
	var opened []pedersen.Opened
	var index []int
	for i, s := range batch {
		plaintext, err := p.open(s.Contribution, s.Shared, seat, key)
		if err == nil {
			var o pedersen.Opened
			if out[i].Share, out[i].Prepared, o, err = p.judge(s.Contribution, s.Shared, verifyKey, seat, plaintext); err == nil {
				opened, index = append(opened, o), append(index, i)
				continue
			}
		}
		if !errors.Is(err, ErrRefused) && !errors.Is(err, ErrForm) {
			return nil, err
		}
		out[i] = Judgment{Refused: err}
	}
	bad, err := p.scheme.CheckBatch(random, opened)
	if err != nil {
		return nil, err
	}
	for _, b := range bad {
		out[index[b]] = Judgment{Refused: fmt.Errorf("%w: expected a share that opens its commitment, got another", ErrRefused)}
	}
	return out, nil
}
