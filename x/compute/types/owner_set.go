package types

import (
	"encoding/binary"
	"encoding/json"
	"fmt"

	collcodec "cosmossdk.io/collections/codec"
	errorsmod "cosmossdk.io/errors"
)

const (
	// RememberedSets is how many sets of owners are remembered for one query; the oldest is forgotten.
	RememberedSets = 16
	// MemberKeySize is the size of an owner's name in a set, which is a hash of its address, in bytes.
	MemberKeySize = 16
	// MemberSize is the size of an owner's part of a set: its name, and a mark of what it contributed.
	MemberSize = MemberKeySize + 8
	// cohortSize is the size of the cohort, with which a set begins.
	cohortSize = 4
)

// OwnerSet is a set of owners over which a query was answered.
type OwnerSet struct {
	// Cohort is the smallest cohort that was asked for.
	Cohort uint32
	// Members are its owners, in order.
	Members []byte
}

// Bytes is the set as state and genesis have it: the cohort, four big-endian bytes, and the members.
func (s OwnerSet) Bytes() []byte {
	return append(binary.BigEndian.AppendUint32(nil, s.Cohort), s.Members...)
}

// ParseOwnerSet reads a set, or fails with ErrInvariant.
func ParseOwnerSet(b []byte) (OwnerSet, error) {
	if len(b) < cohortSize || (len(b)-cohortSize)%MemberSize != 0 {
		return OwnerSet{}, errorsmod.Wrapf(ErrInvariant, "set of owners: expected %d bytes and %d for each owner, got %d", cohortSize, MemberSize, len(b))
	}
	return OwnerSet{Cohort: binary.BigEndian.Uint32(b), Members: b[cohortSize:]}, nil
}

// OwnerSetValue encodes sets for the store.
var OwnerSetValue collcodec.ValueCodec[OwnerSet] = ownerSetCodec{}

type ownerSetCodec struct{}

// Encode implements codec.ValueCodec.
func (ownerSetCodec) Encode(s OwnerSet) ([]byte, error) { return s.Bytes(), nil }

// Decode implements codec.ValueCodec.
func (ownerSetCodec) Decode(b []byte) (OwnerSet, error) { return ParseOwnerSet(b) }

// EncodeJSON implements codec.ValueCodec.
func (ownerSetCodec) EncodeJSON(s OwnerSet) ([]byte, error) { return json.Marshal(s) }

// DecodeJSON implements codec.ValueCodec.
func (ownerSetCodec) DecodeJSON(b []byte) (s OwnerSet, err error) { return s, json.Unmarshal(b, &s) }

// Stringify implements codec.ValueCodec.
func (ownerSetCodec) Stringify(s OwnerSet) string { return fmt.Sprintf("%d: %x", s.Cohort, s.Members) }

// ValueType implements codec.ValueCodec.
func (ownerSetCodec) ValueType() string { return "alita.compute.v1.OwnerSet" }
