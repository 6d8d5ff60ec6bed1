package oracle_test

import (
	"flag"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

var (
	programs = flag.Int("programs", 300, "number of random programs to compare")
	first    = flag.Uint64("first", 0, "seed of the first of them")
)

// TestRandomPrograms compares random programs: fuel, operations and vectors agree between wasmtime and both engines of wazero, metered or not.
func TestRandomPrograms(t *testing.T) {
	boxes := sandboxes(t)
	outcomes, long := map[string]int{}, 0
	for i := range *programs {
		seed := *first + uint64(i)
		g := compare(t, boxes, fmt.Sprintf("seed %d", seed), generate(seed), limit)
		outcomes[g.Outcome]++
		if g.Operations > 1000 {
			long++
		}
	}
	t.Logf("outcomes %v, %d programs of more than 1000 operations", outcomes, long)
	require.Greater(t, outcomes["ok"], *programs/3)
	require.Greater(t, long, *programs/4)
}
