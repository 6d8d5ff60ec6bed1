package trader_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	"github.com/alita-network/alita/client/trader"
	"github.com/alita-network/alita/x/datapool/types"
)

func TestSafetyText(t *testing.T) {
	s := &types.QuerySafetyResponse{
		Symbol: "SPEED", DaysToTenth: 173,
		Takes:         []types.Take{{Days: 0, Alita: "0.5", Percent: "0.05"}, {Days: 7, Alita: "5", Percent: "0.5"}, {Days: 365, Alita: "189", Percent: "18.9"}},
		RewardsPerDay: "5", MaxRewardsPerDay: "10", RewardsOwed: "3",
	}
	want := `The maker can take out 0.05% today.
Tenth    the maker alone can not take a tenth of the ALITA for 173 days
Today    at most 0.5 ALITA, 0.05%
7 days   at most 5 ALITA, 0.5%
365 days at most 189 ALITA, 18.9%
Rewards  at most 5 SPEED a day, or 10 after raises; 3 are owed
`
	require.Equal(t, want, trader.SafetyText(s))
	policy := types.RewardPerRecord(math.NewInt(2_000_000))
	policy.PerDay, policy.MaxPerDay, policy.MatchPpm = math.NewInt(7_000_000), math.NewInt(10_000_000), 500_000
	s.PendingRewards = &types.PendingRewards{Policy: policy, From: time.Unix(1_800_000_000, 0)}
	require.Equal(t, want+"Raise    from 2027-01-15T08:00:00Z: 2 SPEED for each record; 50% of what the payer of an answer loses by it; "+
		"no more than 7 SPEED a day, or 10 SPEED after raises\n", trader.SafetyText(s))
	s.DaysToTenth = 0
	require.Contains(t, trader.SafetyText(s), "could take a tenth of the ALITA within a day\n")
	s.DaysToTenth = types.MaxTakeDays
	require.Contains(t, trader.SafetyText(s), "within a hundred years\n")
}
