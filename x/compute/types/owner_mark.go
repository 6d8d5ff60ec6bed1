package types

import (
	"encoding/binary"
	"encoding/json"
	"fmt"

	collcodec "cosmossdk.io/collections/codec"
	errorsmod "cosmossdk.io/errors"

	"github.com/alita-network/alita/crypto/label"
)

// OwnerMark says what an owner has done in a secure sum.
type OwnerMark struct {
	// Attempt names the round and attempt to which the owner has contributed last, and whether that is valid.
	Attempt uint64
	// Contributed is the sum of the ContributionMarks of the owner's valid contributions to that attempt.
	Contributed uint64
}

// OwnerMark returns the mark of the owners that contribute to the present attempt of a job; if valid is set, of the owners
// that are in its sum.
func (j Job) OwnerMark(valid bool) uint64 {
	mark := uint64(j.Round)<<32 | uint64(j.Attempt)<<1
	if valid {
		mark |= 1
	}
	return mark
}

// ContributionMark returns the number that a contribution adds to its owner's mark. A sum does not depend on the order.
func ContributionMark(a Attestation) uint64 {
	hash := label.Hash("alita/compute/contributed/v1", []byte(a.RecordId), []byte(a.Version))
	return binary.BigEndian.Uint64(hash[:8])
}

// OwnerMarkValue encodes marks for the store: two big-endian integers.
var OwnerMarkValue collcodec.ValueCodec[OwnerMark] = ownerMarkCodec{}

const ownerMarkSize = 16

type ownerMarkCodec struct{}

// Encode implements codec.ValueCodec.
func (ownerMarkCodec) Encode(m OwnerMark) ([]byte, error) {
	return binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64(nil, m.Attempt), m.Contributed), nil
}

// Decode implements codec.ValueCodec.
func (ownerMarkCodec) Decode(b []byte) (OwnerMark, error) {
	if len(b) != ownerMarkSize {
		return OwnerMark{}, errorsmod.Wrapf(ErrInvariant, "mark: expected %d bytes, got %d", ownerMarkSize, len(b))
	}
	return OwnerMark{Attempt: binary.BigEndian.Uint64(b), Contributed: binary.BigEndian.Uint64(b[8:])}, nil
}

// EncodeJSON implements codec.ValueCodec.
func (ownerMarkCodec) EncodeJSON(m OwnerMark) ([]byte, error) { return json.Marshal(m) }

// DecodeJSON implements codec.ValueCodec.
func (ownerMarkCodec) DecodeJSON(b []byte) (m OwnerMark, err error) { return m, json.Unmarshal(b, &m) }

// Stringify implements codec.ValueCodec.
func (ownerMarkCodec) Stringify(m OwnerMark) string { return fmt.Sprintf("%+v", m) }

// ValueType implements codec.ValueCodec.
func (ownerMarkCodec) ValueType() string { return "alita.compute.v1.OwnerMark" }
