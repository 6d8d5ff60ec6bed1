package publisher_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/client/publisher"
	"github.com/alita-network/alita/x/metadata/types"
)

// TestSpareGas: the last signature knows by its simulation what it takes; one that many others have to follow is not the last.
func TestSpareGas(t *testing.T) {
	for _, tc := range []struct {
		members, signed uint32
		want            uint64
	}{{5, 4, 0}, {5, 3, 375_000}, {5, 0, 375_000}, {5, 5, 0}, {100, 0, 0}, {100, 91, 0}, {100, 92, 7_500_000}} {
		require.Equal(t, tc.want, publisher.SpareGas(types.Panel{MemberCount: tc.members, Signed: tc.signed}), "%d of %d", tc.signed, tc.members)
	}
}
