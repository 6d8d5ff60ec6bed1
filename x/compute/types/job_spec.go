package types

import (
	errorsmod "cosmossdk.io/errors"

	"github.com/alita-network/alita/crypto/seal"
)

// Validate checks everything about a job that needs no state.
func (s JobSpec) Validate(params Params) error {
	if s.PoolId == 0 {
		return errorsmod.Wrap(ErrInvalidJob, "pool 0: pools are numbered from 1")
	}
	if err := ValidateProgramID(s.ProgramId); err != nil {
		return err
	}
	if err := validateColumns(s.Columns); err != nil {
		return err
	}
	if s.Length < 1 || s.Length > params.MaxVectorLength {
		return errorsmod.Wrapf(ErrInvalidJob, "length %d: expected 1 to %d", s.Length, params.MaxVectorLength)
	}
	if uint64(len(s.Input)) > uint64(params.MaxInputBytes) {
		return errorsmod.Wrapf(ErrInvalidJob, "input of %d bytes: expected at most %d", len(s.Input), params.MaxInputBytes)
	}
	if err := validateLine(s.Purpose, 0, MaxPurposeRunes); err != nil {
		return errorsmod.Wrapf(ErrInvalidJob, "purpose: %s", err)
	}
	if err := s.validateCohort(params); err != nil {
		return err
	}
	if err := s.validateMoney(); err != nil {
		return err
	}
	for _, w := range []struct {
		name   string
		blocks uint32
	}{{"contribute_blocks", s.ContributeBlocks}, {"deliver_blocks", s.DeliverBlocks}} {
		if w.blocks < minPhaseBlocks || w.blocks > params.MaxPhaseBlocks {
			return errorsmod.Wrapf(ErrInvalidWindow, "%s %d: expected %d to %d", w.name, w.blocks, minPhaseBlocks, params.MaxPhaseBlocks)
		}
	}
	if _, err := seal.ParsePublicKey(s.ReaderKey); err != nil {
		return errorsmod.Wrap(ErrInvalidReaderKey, err.Error())
	}
	return nil
}

func (s JobSpec) validateCohort(params Params) error {
	if s.MinCohort < 1 {
		return errorsmod.Wrapf(ErrInvalidCohort, "min_cohort %d: expected at least 1", s.MinCohort)
	}
	if s.MaxCohort < s.MinCohort || s.MaxCohort > params.MaxCohort {
		return errorsmod.Wrapf(ErrInvalidCohort, "max_cohort %d: expected %d to %d", s.MaxCohort, s.MinCohort, params.MaxCohort)
	}
	return nil
}

func (s JobSpec) validateMoney() error {
	if err := validateAmount(s.PricePerMop); err != nil {
		return errorsmod.Wrapf(ErrInvalidJob, "price_per_mop: %s", err)
	}
	if !s.PricePerMop.IsPositive() {
		return errorsmod.Wrap(ErrInvalidJob, "price_per_mop 0: expected at least 1 ualita")
	}
	if err := s.Budget.validate(); err != nil {
		return errorsmod.Wrapf(ErrInvalidBudget, "budget: %s", err)
	}
	if !s.Budget.Alita.IsPositive() {
		return errorsmod.Wrap(ErrInvalidBudget, "budget of 0 ualita: expected at least 1")
	}
	return nil
}

func validateColumns(columns []string) error {
	if len(columns) < 1 || len(columns) > MaxColumns {
		return errorsmod.Wrapf(ErrInvalidJob, "%d columns: expected 1 to %d", len(columns), MaxColumns)
	}
	for i, c := range columns {
		if err := validateLine(c, 1, MaxColumnRunes); err != nil {
			return errorsmod.Wrapf(ErrInvalidJob, "column %d: %s", i+1, err)
		}
		for j := range i {
			if columns[j] == c {
				return errorsmod.Wrapf(ErrInvalidJob, "column %q is named twice: expected each once", c)
			}
		}
	}
	return nil
}
