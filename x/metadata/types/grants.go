package types

import (
	"fmt"
	"slices"
	"time"

	"cosmossdk.io/core/address"
	errorsmod "cosmossdk.io/errors"
	"cosmossdk.io/math"

	"github.com/alita-network/alita/terms"
	"github.com/alita-network/alita/terms/text"
)

// Limits of the terms of a grant.
const (
	MaxGrantPrograms = 64
	MaxGrantPurposes = 32
	MaxPurpose       = 128
	ProgramIDSize    = 64
	// maxPriceBits bounds a price, so that its product with operations fits math.Int.
	maxPriceBits = 128
)

// noisedOnly says what to do about a grant that would let anybody's program copy rows into an answer.
const noisedOnly = "anybody's program can copy rows into an answer without noise; list the programs that may run in programs, or leave this out"

// Reservation is what a contribution has set aside until it is known whether it can be read: a use of a grant, and a part of the
// record's privacy budget.
type Reservation struct {
	RecordID string
	GrantID  uint64 // 0 if no grant was needed
	MicroRho uint64 // millionths of rho
}

// Normalize sets absent prices to zero and times to UTC, the forms in which terms are stored.
func (t GrantTerms) Normalize() GrantTerms {
	if t.MinPricePerMop.IsNil() {
		t.MinPricePerMop = math.ZeroInt()
	}
	if t.MinDataFee.IsNil() {
		t.MinDataFee = math.ZeroInt()
	}
	t.NotBefore, t.NotAfter = utc(t.NotBefore), utc(t.NotAfter)
	return t
}

func utc(t *time.Time) *time.Time {
	if t == nil {
		return nil
	}
	u := t.UTC()
	return &u
}

// Validate checks terms on their own. They need not be usable at any time yet.
func (t GrantTerms) Validate(ac address.Codec) error {
	if t.Grantee != "" {
		if _, err := ac.StringToBytes(t.Grantee); err != nil {
			return errorsmod.Wrapf(ErrInvalidGrant, "grantee: expected an account, or nothing for any, got %s: %s", quote(t.Grantee), err)
		}
	}
	if err := t.validatePrograms(); err != nil {
		return err
	}
	if err := validatePurposes(t.Purposes); err != nil {
		return errorsmod.Wrap(ErrInvalidGrant, err.Error())
	}
	if !t.MinPricePerMop.IsNil() {
		if t.MinPricePerMop.IsNegative() || t.MinPricePerMop.BigInt().BitLen() > maxPriceBits {
			return errorsmod.Wrapf(ErrInvalidGrant, "min_price_per_mop: expected 0 to 2^%d-1 ualita, got %s", maxPriceBits, t.MinPricePerMop)
		}
	}
	if !t.MinDataFee.IsNil() {
		if t.MinDataFee.IsNegative() || t.MinDataFee.BigInt().BitLen() > maxPriceBits {
			return errorsmod.Wrapf(ErrInvalidGrant, "min_data_fee: expected 0 to 2^%d-1 Data Token units, got %s", maxPriceBits, t.MinDataFee)
		}
	}
	if t.NotBefore != nil && t.NotAfter != nil && !t.NotAfter.After(*t.NotBefore) {
		return errorsmod.Wrapf(ErrInvalidGrant, "not_after: expected a time after not_before %s, got %s", text.Timestamp(*t.NotBefore), text.Timestamp(*t.NotAfter))
	}
	return nil
}

func (t GrantTerms) validatePrograms() error {
	switch {
	case t.AnyProgram && len(t.Programs) > 0:
		return errorsmod.Wrapf(ErrInvalidGrant, "programs: expected none with any_program, got %d", len(t.Programs))
	case t.AnyProgram && t.IndividualResults:
		return errorsmod.Wrapf(ErrInvalidGrant, "individual_results: expected false with any_program, got true: %s", noisedOnly)
	case !t.AnyProgram && len(t.Programs) == 0:
		return errorsmod.Wrap(ErrInvalidGrant, "programs: expected the hashes of the programs that may run, or any_program, got none")
	case len(t.Programs) > MaxGrantPrograms:
		return errorsmod.Wrapf(ErrInvalidGrant, "programs: expected at most %d, got %d", MaxGrantPrograms, len(t.Programs))
	}
	if err := validatePrograms(t.Programs); err != nil {
		return errorsmod.Wrap(ErrInvalidGrant, err.Error())
	}
	return nil
}

// validatePrograms checks the form of programs' ids, each listed once.
func validatePrograms(programs []string) error {
	for i, p := range programs {
		if len(p) != ProgramIDSize || !isLowerHex(p) {
			return fmt.Errorf("programs[%d]: expected a hash of %d lower-case hexadecimal characters, got %s", i, ProgramIDSize, quote(p))
		}
		if slices.Contains(programs[:i], p) {
			return fmt.Errorf("programs[%d]: expected each program once, got %s twice", i, quote(p))
		}
	}
	return nil
}

// validatePurposes checks purposes, each listed once.
func validatePurposes(purposes []string) error {
	if len(purposes) > MaxGrantPurposes {
		return fmt.Errorf("purposes: expected at most %d, got %d", MaxGrantPurposes, len(purposes))
	}
	for i, p := range purposes {
		if err := purposeRule.Check(p); err != nil {
			return fmt.Errorf("purposes[%d]: %w", i, err)
		}
		if slices.Contains(purposes[:i], p) {
			return fmt.Errorf("purposes[%d]: expected each purpose once, got %s twice", i, quote(p))
		}
	}
	return nil
}

// Lacks says why the grant does not allow the request at a time, or "" if it does. consumer is the
// requesting account as text. Everything that the terms do not allow is denied.
func (g Grant) Lacks(req GrantRequest, consumer string, now time.Time) string {
	return terms.GrantTerms(g.Terms).Lacks(terms.GrantRequest{
		Consumer: consumer, ProgramID: req.ProgramID, Purpose: req.Purpose,
		PricePerMop: req.PricePerMop, MinCohort: req.MinCohort, Individual: req.Individual, DataPerMop: req.DataPerMop,
	}, g.Uses+g.Reserved, now)
}

// Ended reports whether the grant can never be used again.
func (g Grant) Ended(now time.Time) bool {
	return g.Terms.NotAfter != nil && now.After(*g.Terms.NotAfter) || g.Terms.MaxUses > 0 && g.Uses >= g.Terms.MaxUses
}
