package types

import (
	errorsmod "cosmossdk.io/errors"

	"github.com/alita-network/alita/crypto/securesum"
	"github.com/alita-network/alita/terms"
)

// SecureSum returns how the contributions to the present attempt of the job are added up. It means nothing in direct delivery.
func (j Job) SecureSum(chainID string) terms.SecureSum {
	sum := terms.SecureSum{
		Session: securesum.Session{Chain: chainID, Job: j.Id, Round: j.Round, Attempt: j.Attempt}, Draft: j.Vdaf,
		Length: j.Spec.Length,
	}
	if s := j.Spec.Secure; s != nil {
		sum.Seats, sum.Bits, sum.Ranges, sum.MicroRho = s.Seats, s.Bits, s.terms(), s.MicroRho
	}
	return sum
}

// ProtocolOf returns the protocol of the present attempt of a secure sum. The error is ErrInvalidSecure, also if the job was opened
// under another draft than this binary has.
func ProtocolOf(chainID string, job Job, program Program) (securesum.Protocol, error) {
	if job.Spec.Secure == nil {
		return securesum.Protocol{}, errorsmod.Wrap(ErrInvalidSecure, "delivery: expected a secure sum, got direct delivery")
	}
	protocol, err := job.SecureSum(chainID).Protocol(program.Terms())
	if err != nil {
		return protocol, errorsmod.Wrap(ErrInvalidSecure, err.Error())
	}
	return protocol, nil
}

// AnotherDraft reports whether a job needs a protocol that this binary does not have: it was opened before an upgrade, and its round
// is not settled.
func (j Job) AnotherDraft() bool {
	return j.IsSecure() && j.Vdaf != securesum.Draft && j.Status != JOB_STATUS_SETTLING && j.Status != JOB_STATUS_WAITING
}

// SumBits is the width of a slot of a contribution: the job's, or the program's if the job names none.
func (s JobSpec) SumBits(program Program) uint32 {
	return Job{Spec: s}.SecureSum("").SlotBits(program.Terms())
}

// terms returns the ranges as everybody judges them.
func (s SecureSum) terms() (out terms.Ranges) {
	for _, r := range s.Ranges {
		out = append(out, terms.SlotRange{Count: r.Count, Low: r.Low, High: r.High, Variance: r.Variance})
	}
	return out
}

// RangesOf returns ranges as messages carry them.
func RangesOf(ranges terms.Ranges) (out []SlotRange) {
	for _, r := range ranges {
		out = append(out, SlotRange{Count: r.Count, Low: r.Low, High: r.High, Variance: r.Variance})
	}
	return out
}

// MicroRho returns what each contribution to a job charges to its record's privacy budget, in millionths of rho: zero if it
// adds no noise. The error is ErrInvalidSecure if the job's ranges and noise do not fit the program: a row program states ranges in a secure
// sum and has no other delivery, another program has neither ranges nor noise.
func MicroRho(spec JobSpec, program Program) (uint64, error) {
	if spec.Secure == nil {
		if program.Row {
			return 0, errorsmod.Wrapf(ErrInvalidSecure, "delivery of a row program: expected %s, got %s", DELIVERY_SECURE_SUM, spec.Delivery)
		}
		return 0, nil
	}
	sum := Job{Spec: spec}.SecureSum("")
	if err := sum.CheckRanges(program.Terms()); err != nil {
		return 0, errorsmod.Wrapf(ErrInvalidSecure, "secure.ranges: %s", err)
	}
	return sum.MicroRho, nil
}

// CheckRows checks that a record of that many rows can contribute to a job over a program. The error is ErrWrongRecord.
func (s JobSpec) CheckRows(program Program, rows uint64) error {
	if err := program.CheckRows(rows); err != nil {
		return err
	}
	if err := (Job{Spec: s}).SecureSum("").CheckRows(program.Terms(), rows); err != nil {
		return errorsmod.Wrap(ErrWrongRecord, err.Error())
	}
	return nil
}

// validateMicroRho checks that a job charges what its noise costs.
func (j Job) validateMicroRho(program Program) error {
	want, err := MicroRho(j.Spec, program)
	if err != nil {
		return err
	}
	if j.MicroRho != want {
		return errorsmod.Wrapf(ErrInvalidJob, "micro_rho: expected %d, got %d", want, j.MicroRho)
	}
	return nil
}

// Proto returns the shares as the protocol has them.
func (s SharedVector) Proto() securesum.Shared {
	shared := securesum.Shared{PublicShare: s.PublicShare, Commitments: s.Commitments}
	for _, v := range s.Shares {
		shared.Sealed = append(shared.Sealed, securesum.Sealed{Enc: v.Enc, Ciphertext: v.Ciphertext})
	}
	return shared
}

// SharedVectorOf returns shares as messages carry them.
func SharedVectorOf(shared securesum.Shared, attempt uint32) *SharedVector {
	s := &SharedVector{PublicShare: shared.PublicShare, Commitments: shared.Commitments, Attempt: attempt}
	for _, v := range shared.Sealed {
		s.Shares = append(s.Shares, SealedVector{Enc: v.Enc, Ciphertext: v.Ciphertext})
	}
	return s
}

// IsZero reports whether nothing was opened.
func (o OpenedSum) IsZero() bool {
	return len(o.Sum) == 0 && len(o.Sealed.Enc) == 0 && len(o.Sealed.Ciphertext) == 0
}
