package types

import (
	errorsmod "cosmossdk.io/errors"

	"github.com/alita-network/alita/crypto/securesum"
)

// ProtocolOf is the secure sum of the present attempt of a job. The error is ErrInvalidSecure.
func ProtocolOf(chainID string, job Job, program Program) (securesum.Protocol, error) {
	if job.Spec.Secure == nil {
		return securesum.Protocol{}, errorsmod.Wrap(ErrInvalidSecure, "the job is no secure sum")
	}
	kind := securesum.SumVec
	if program.Kind == VECTOR_KIND_ONE_HOT {
		kind = securesum.Histogram
	}
	sum, err := securesum.New(
		securesum.Shape{Kind: kind, Length: job.Spec.Length, Bits: job.Spec.SumBits(program), Seats: job.Spec.Secure.Seats},
		securesum.Session{Chain: chainID, Job: job.Id, Round: job.Round, Attempt: job.Attempt},
	)
	if err != nil {
		return sum, errorsmod.Wrap(ErrInvalidSecure, err.Error())
	}
	return sum, nil
}

// SumBits is the width of a slot of a contribution to a secure sum: the job's, or the program's where the job names none.
func (s JobSpec) SumBits(program Program) uint32 {
	if s.Secure == nil || s.Secure.Bits == 0 {
		return program.Bits
	}
	return s.Secure.Bits
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
