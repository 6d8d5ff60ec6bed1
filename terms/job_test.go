package terms_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	"github.com/alita-network/alita/terms"
)

func TestGrantRequest(t *testing.T) {
	for name, tc := range map[string]struct {
		delivery          terms.Delivery
		microRho          uint64
		individual, exact bool
	}{
		"direct":           {terms.DeliveryDirect, 0, true, true},
		"direct, a stray":  {terms.DeliveryDirect, 5, true, true},
		"sum":              {terms.DeliverySecureSum, 0, false, true},
		"sum with noise":   {terms.DeliverySecureSum, 5, false, false},
		"unknown delivery": {3, 5, true, true},
	} {
		t.Run(name, func(t *testing.T) {
			job := terms.Job{
				Consumer: "c", ProgramID: "p", Purpose: "science", PricePerMop: math.NewInt(7), MinCohort: 3,
				Delivery: tc.delivery, MicroRho: tc.microRho, DataPerAlita: math.NewIntWithDecimal(1, 20),
			}
			require.Equal(t, terms.GrantRequest{
				Consumer: "c", ProgramID: "p", Purpose: "science", PricePerMop: math.NewInt(7), MinCohort: 3,
				Individual: tc.individual, DataPerMop: math.NewInt(37), // 7 * 10^20 / 2^64 = 37.9
			}, job.GrantRequest())
			require.Equal(t, tc.exact, job.Exact())
			// A grant with no more than its program does not allow results of one owner.
			why := terms.GrantTerms{Programs: []string{"p"}}.Lacks(job.GrantRequest(), 0, time.Unix(1, 0))
			require.Equal(t, !tc.individual, why == "", why)
		})
	}
}
