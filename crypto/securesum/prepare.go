package securesum

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/alita-network/alita/crypto/pedersen"
	"github.com/alita-network/alita/crypto/prio3"
	"github.com/alita-network/alita/crypto/seal"
)

// Prepared is a seat's state of a contribution until the chain has decided on it. It is secret.
type Prepared struct {
	state    *prio3.State // nil of noise
	output   []byte       // the share of noise
	blinding pedersen.Blinding
}

// Format keeps it out of logs, with every verb.
func (Prepared) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte("(secret)")) }

// Prepare is a seat's judgement of a contribution: a preparation share, or ErrRefused. The same arguments give the same answer.
// The verification key must have been drawn after the contributions were final.
func (p Protocol) Prepare(c Contribution, shared Shared, verifyKey []byte, seat int, key seal.PrivateKey) ([]byte, Prepared, error) {
	plaintext, err := p.open(c, shared, seat, key)
	if err != nil {
		return nil, Prepared{}, err
	}
	return p.prepare(c, shared, verifyKey, seat, plaintext)
}

// open opens the share that was sealed to a seat.
func (p Protocol) open(c Contribution, shared Shared, seat int, key seal.PrivateKey) ([]byte, error) {
	if err := p.check(c, shared); err != nil {
		return nil, err
	}
	if seat < 0 || seat >= p.Seats() {
		return nil, fmt.Errorf("%w: seat: expected below %d, got %d", ErrForm, p.Seats(), seat)
	}
	plaintext, err := seal.OpenFrom(key, shareInfo(), p.shareAAD(c, seat, key.Public(), shared), shared.Sealed[seat].bytes())
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrRefused, err)
	}
	return plaintext, nil
}

// prepare judges an opened share.
func (p Protocol) prepare(c Contribution, shared Shared, verifyKey []byte, seat int, plaintext []byte) ([]byte, Prepared, error) {
	share, prepared, opened, err := p.judge(c, shared, verifyKey, seat, plaintext)
	if err != nil {
		return nil, Prepared{}, err
	}
	if err := p.scheme.Check(opened.Commitment, opened.Share, opened.Blinding); err != nil {
		return nil, Prepared{}, fmt.Errorf("%w: %w", ErrRefused, err)
	}
	return share, prepared, nil
}

// judge judges everything of an opened share except its commitment, and returns what should open the commitment.
func (p Protocol) judge(
	c Contribution, shared Shared, verifyKey []byte, seat int, plaintext []byte,
) (share []byte, prepared Prepared, opened pedersen.Opened, err error) {
	if len(verifyKey) != prio3.KeySize {
		return nil, prepared, opened, fmt.Errorf("%w: verification key: expected %d bytes, got %d", ErrForm, prio3.KeySize, len(verifyKey))
	}
	input, blind := plaintext[:p.inputSize(seat)], plaintext[p.inputSize(seat):]
	if opened.Blinding, err = pedersen.ParseBlinding(blind); err != nil {
		return nil, prepared, opened, fmt.Errorf("%w: %w", ErrRefused, err)
	}
	if opened.Commitment, err = pedersen.ParseCommitment(shared.Commitments[seat]); err != nil {
		return nil, prepared, opened, fmt.Errorf("%w: %w", ErrRefused, err)
	}
	if p.ofNoise {
		if opened.Share, err = prio3.Additive(p.context(c), seat, p.Slots(), input); err != nil {
			return nil, prepared, opened, fmt.Errorf("%w: %w", ErrRefused, err)
		}
		return p.acceptance(c), Prepared{output: opened.Share, blinding: opened.Blinding}, opened, nil
	}
	instance, err := p.instance(c)
	if err != nil {
		return nil, prepared, opened, err
	}
	state, share, err := instance.Prepare([prio3.KeySize]byte(verifyKey), seat, shared.PublicShare, input)
	if err != nil {
		return nil, prepared, opened, fmt.Errorf("%w: %w", ErrRefused, err)
	}
	opened.Share = state.Unverified()
	return share, Prepared{state: state, blinding: opened.Blinding}, opened, nil
}

// PreparationSize is the size of a preparation share, in bytes.
func (p Protocol) PreparationSize() int { return p.preparationSize() }

// CheckPreparation refuses, with ErrForm, a preparation share of a wrong size.
func (p Protocol) CheckPreparation(share []byte) error {
	if want := p.preparationSize(); len(share) != want {
		return fmt.Errorf("%w: preparation share: expected %d bytes, got %d", ErrForm, want, len(share))
	}
	return nil
}

// BlameError names a seat whose preparation share follows from no input share.
type BlameError struct {
	Seat int
	Err  error
}

func (e *BlameError) Error() string { return fmt.Sprintf("seat %d: %v", e.Seat, e.Err) }

// Unwrap returns the fault.
func (e *BlameError) Unwrap() error { return e.Err }

// Combine decides on a contribution by the preparation shares of all seats, and returns the message with which they finish. The
// error is ErrInvalid if the owner or a seat is to blame, or a *BlameError if it is certain which seat.
func (p Protocol) Combine(c Contribution, publicShare []byte, shares [][]byte) ([]byte, error) {
	if p.ofNoise {
		return p.combineNoise(c, shares)
	}
	instance, err := p.instance(c)
	if err != nil {
		return nil, err
	}
	message, err := instance.Combine(publicShare, shares)
	if blame := new(prio3.SeatError); errors.As(err, &blame) {
		return nil, &BlameError{Seat: blame.Seat, Err: blame.Err}
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	return message, nil
}

// Lied reports whether a seat has answered something else to a contribution than follows from the share that was sealed to it. Said is
// the seat's preparation share, nil if it refused. The randomness is the owner's evidence for that seat; the error is ErrEvidence if
// it shows nothing. A share that its owner has sealed wrongly speaks against no seat. The proof of noise is not checked again.
func (p Protocol) Lied(c Contribution, shared Shared, verifyKey []byte, seat int, key, randomness, said []byte) (bool, error) {
	if err := p.CheckShared(shared); err != nil {
		return false, err
	}
	if seat < 0 || seat >= p.Seats() {
		return false, fmt.Errorf("%w: seat: expected below %d, got %d", ErrForm, p.Seats(), seat)
	}
	public, err := seal.ParsePublicKey(key)
	if err != nil {
		return false, err
	}
	plaintext, err := seal.OpenWith(randomness, public, shareInfo(), p.shareAAD(c, seat, public, shared), shared.Sealed[seat].bytes())
	if errors.Is(err, seal.ErrOpen) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("%w: %w", ErrEvidence, err)
	}
	right, _, err := p.prepare(c, shared, verifyKey, seat, plaintext)
	if errors.Is(err, ErrRefused) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return !bytes.Equal(right, said), nil
}
