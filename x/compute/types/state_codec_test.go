package types_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/x/compute/types"
)

// Marks and sets of owners are read back as they were written, or refused.
func FuzzOwnerCodecs(f *testing.F) {
	f.Add(types.OwnerSet{Cohort: 3, Members: make([]byte, 2*types.MemberSize)}.Bytes())
	mark, err := types.OwnerMarkValue.Encode(types.OwnerMark{Attempt: 1<<32 | 3, Contributed: 7})
	require.NoError(f, err)
	f.Add(mark)
	f.Add([]byte{})
	f.Add([]byte{0, 0, 0})
	f.Fuzz(func(t *testing.T, raw []byte) {
		set, err := types.ParseOwnerSet(raw)
		if err != nil {
			require.ErrorIs(t, err, types.ErrInvariant)
		} else {
			require.Equal(t, raw, set.Bytes())
			require.Zero(t, len(set.Members)%types.MemberSize)
		}
		m, err := types.OwnerMarkValue.Decode(raw)
		if err != nil {
			require.ErrorIs(t, err, types.ErrInvariant)
			return
		}
		again, err := types.OwnerMarkValue.Encode(m)
		require.NoError(t, err)
		require.Equal(t, raw, again)
	})
}
