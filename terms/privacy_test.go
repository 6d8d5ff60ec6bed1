package terms_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/terms"
)

func TestReservePrivacy(t *testing.T) {
	const most = math.MaxUint64
	for _, tc := range []struct {
		budget, spent, reserved, microRho, want uint64
		text                                    string // of the refusal
	}{
		{budget: 0, microRho: 0, want: 0},
		{budget: 10, spent: 3, microRho: 7, want: 7},
		{budget: 10, spent: 3, reserved: 2, microRho: 5, want: 7},
		{budget: 10, spent: 3, reserved: 2, microRho: 6, text: "expected at most 5 of 10 left, got 6"},
		{budget: 10, reserved: 10, microRho: 1, text: "expected at most 0 of 10 left"},
		{budget: 10, spent: 3, microRho: 8, text: "expected at most 7 of 10 left, got 8"},
		{budget: 0, microRho: 1, text: "expected at most 0 of 0 left, got 1"},
		{budget: 10, spent: 10, microRho: 1, text: "expected at most 0 of 10 left"},
		// The owner has lowered the budget below what is spent, or set aside.
		{budget: 10, spent: 12, microRho: 1, text: "expected at most 0 of 10 left"},
		{budget: 10, spent: 5, reserved: 7, microRho: 1, text: "expected at most 0 of 10 left"},
		{budget: 10, spent: 12, reserved: 3, microRho: 0, want: 3},
		// Sums beyond 64 bits.
		{budget: most, spent: 0, microRho: most, want: most},
		{budget: most, spent: 1, microRho: most, text: "expected at most 18446744073709551614"},
		{budget: most, spent: most, reserved: most, microRho: 1, text: "expected at most 0"},
		{budget: 10, spent: most, microRho: most, text: "expected at most 0 of 10 left"},
	} {
		got, err := terms.ReservePrivacy(tc.budget, tc.spent, tc.reserved, tc.microRho)
		if tc.text != "" {
			require.ErrorContains(t, err, tc.text)
			require.Equal(t, tc.reserved, got, "what is refused changes nothing")
			continue
		}
		require.NoError(t, err)
		require.Equal(t, tc.want, got)
	}
}
