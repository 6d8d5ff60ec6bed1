package light

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"errors"
	"fmt"
	"math"
	"time"
)

// Rules are the times of a verification.
type Rules struct {
	// Period is how old a trusted header may be. It is less than the unbonding time: until then those who signed can
	// lose their stake for a second header.
	Period time.Duration
	// Ahead is how far a header may lie ahead of this machine's clock.
	Ahead time.Duration
	// Behind is how far the newest header may lie behind this machine's clock.
	Behind time.Duration
}

// DefaultRules are those of a chain whose unbonding time is 21 days.
var DefaultRules = Rules{Period: 14 * 24 * time.Hour, Ahead: 10 * time.Second, Behind: time.Minute}

// The trust level is trustNumerator/trustDenominator, for the trusted validators as for a header's own.
const (
	trustNumerator   = 2
	trustDenominator = 3
)

// Verify reports whether a header follows from a trusted one. The error is ErrExpired if the trusted one is too old, ErrClock
// if one of them lies too far ahead of now, and ErrForged for all else that is wrong.
func Verify(trusted, next Block, rules Rules, now time.Time) error {
	if err := rules.checkTime(trusted.Header, now); err != nil {
		return err
	}
	if err := next.check(trusted.Header.ChainID); err != nil {
		return err
	}
	h := next.Header
	switch {
	case h.Height <= trusted.Header.Height:
		return fmt.Errorf("%w: height: expected more than %d, got %d", ErrForged, trusted.Header.Height, h.Height)
	case !h.Time.After(trusted.Header.Time):
		return fmt.Errorf("%w: time of header %d: expected one after %s, got %s", ErrForged, h.Height, trusted.Header.Time, h.Time)
	case h.Time.After(now.Add(rules.Ahead)):
		return fmt.Errorf("%w: expected a clock at most %s behind header %d of %s, got %s; set the clock by NTP",
			ErrClock, rules.Ahead, h.Height, h.Time, now)
	}
	verified := make(map[int]bool)
	adjacent := h.Height == trusted.Header.Height+1
	switch {
	case adjacent && !bytes.Equal(h.ValidatorsHash, trusted.Header.NextValidatorsHash):
		return fmt.Errorf("%w: validators of header %d: expected the ones that header %d announced, got others", ErrForged, h.Height, trusted.Header.Height)
	case adjacent || bytes.Equal(h.ValidatorsHash, trusted.Header.ValidatorsHash):
		// The set that signs is a trusted one.
	default:
		ok, err := next.isSignedBy(trusted.Validators, verified)
		if err != nil {
			return err
		}
		if !ok {
			return fmt.Errorf("%w: header %d: %w", ErrForged, h.Height, errTooFar)
		}
	}
	return next.checkSigned(verified)
}

// checkTime checks a trusted header against the clock.
func (r Rules) checkTime(trusted Header, now time.Time) error {
	switch {
	case now.Before(trusted.Time.Add(-r.Ahead)):
		return fmt.Errorf("%w: expected a time after header %d of %s, got %s; set the clock by NTP", ErrClock, trusted.Height, trusted.Time, now)
	case !trusted.Time.Add(r.Period).After(now):
		return fmt.Errorf("%w: trusted header %d: expected one of the last %s, got one of %s; give a new trust root",
			ErrExpired, trusted.Height, r.Period, trusted.Time)
	}
	return nil
}

// checkSigned checks that more than 2/3 of the block's own validators have signed it.
func (b Block) checkSigned(verified map[int]bool) error {
	ok, err := b.isSignedBy(b.Validators, verified)
	if err == nil && !ok {
		err = fmt.Errorf("%w: header %d: expected signatures of more than two thirds of its validators' power, got less", ErrForged, b.Header.Height)
	}
	return err
}

// check compares the parts of a block with each other.
func (b Block) check(chainID string) error {
	h, c := b.Header, b.Commit
	wrong := func(what string) error {
		return fmt.Errorf("%w: %s: expected the one of header %d of %s, got another one", ErrForged, what, h.Height, chainID)
	}
	switch {
	case h.ChainID != chainID:
		return fmt.Errorf("%w: chain id: expected %q, got %q", ErrForged, chainID, h.ChainID)
	case h.Height <= 0:
		return fmt.Errorf("%w: height: expected a positive one, got %d", ErrForged, h.Height)
	case c.Height != h.Height:
		return wrong("height of the commit")
	case len(h.AppHash) != sha256.Size:
		return fmt.Errorf("%w: app hash: expected %d bytes, got %d", ErrForged, sha256.Size, len(h.AppHash))
	case !bytes.Equal(c.Block.Hash, h.Hash()):
		return wrong("hash in the commit")
	case len(b.Validators) == 0 || len(b.Validators) > MaxValidators:
		return fmt.Errorf("%w: validators: expected 1 to %d, got %d", ErrForged, MaxValidators, len(b.Validators))
	case !bytes.Equal(h.ValidatorsHash, ValidatorsHash(b.Validators)):
		return wrong("hash of the validators")
	case len(c.Signatures) != len(b.Validators):
		return fmt.Errorf("%w: signatures: expected one of each of %d validators, got %d", ErrForged, len(b.Validators), len(c.Signatures))
	}
	return nil
}

// isSignedBy reports whether more than the trust level of a set's power has signed the commit. verified remembers good
// signatures by their index, so that none is verified twice.
func (b Block) isSignedBy(set []Validator, verified map[int]bool) (bool, error) {
	var total int64
	byAddress := make(map[string]Validator, len(set))
	for _, v := range set {
		// 1/8 of the range is CometBFT's bound for the sum: no product of it below overflows.
		if len(v.Key) != ed25519.PublicKeySize || v.Power <= 0 || v.Power > math.MaxInt64/8-total {
			return false, fmt.Errorf("%w: validator: expected an ed25519 key and a power in range, got other ones", ErrForged)
		}
		total += v.Power
		byAddress[string(v.Address())] = v
	}
	// floor(total * 2/3), without the product.
	need := total/trustDenominator*trustNumerator + total%trustDenominator*trustNumerator/trustDenominator
	var power int64
	for i, s := range b.Commit.Signatures {
		v, known := byAddress[string(s.Address)]
		if !s.ForBlock || !known {
			continue
		}
		delete(byAddress, string(s.Address)) // nobody counts twice
		if !verified[i] && !ed25519.Verify(v.Key, b.Commit.SignBytes(b.Header.ChainID, s.Time), s.Signature) {
			continue // a wrong signature counts as none
		}
		verified[i] = true
		if power += v.Power; power > need {
			return true, nil
		}
	}
	return false, nil
}

// isTooFar reports whether headers between the two could mend an error of Verify.
func isTooFar(err error) bool { return errors.Is(err, errTooFar) }
