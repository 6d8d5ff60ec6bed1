package trader

import (
	"fmt"
	"strings"
	"time"

	"cosmossdk.io/math"

	"github.com/alita-network/alita/x/datapool/types"
)

// SafetyText says for people what the maker of a pool and everybody who acts with it could take of the ALITA in the
// pool's account, and when, and what raises of rewards wait. It ends with a line feed.
func SafetyText(s *types.QuerySafetyResponse) string {
	var b strings.Builder
	for i, t := range s.Takes {
		if i == 0 {
			fmt.Fprintf(&b, "The maker can take out %s%% today.\n", t.Percent)
		}
	}
	switch s.DaysToTenth {
	case 0:
		fmt.Fprint(&b, "Tenth    the maker alone could take a tenth of the ALITA within a day\n")
	case types.MaxTakeDays:
		fmt.Fprint(&b, "Tenth    the maker alone can not take a tenth of the ALITA within a hundred years\n")
	default:
		fmt.Fprintf(&b, "Tenth    the maker alone can not take a tenth of the ALITA for %d days\n", s.DaysToTenth)
	}
	for _, t := range s.Takes {
		fmt.Fprintf(&b, "%-8s at most %s ALITA, %s%%\n", within(t.Days), t.Alita, t.Percent)
	}
	fmt.Fprintf(&b, "Rewards  at most %s %s a day, or %s after raises; %s are owed\n", s.RewardsPerDay, s.Symbol, s.MaxRewardsPerDay, s.RewardsOwed)
	if r := s.PendingRewards; r != nil {
		fmt.Fprintf(&b, "Raise    from %s: %s\n", r.From.UTC().Format(time.RFC3339), RewardsText(r.Policy, s.Symbol))
	}
	return b.String()
}

func within(days uint32) string {
	if days == 0 {
		return "Today"
	}
	return fmt.Sprintf("%d days", days)
}

// RewardsText says for people what the owners of records earn from a pool with a symbol.
func RewardsText(p types.RewardPolicy, symbol string) string {
	if p.IsZero() {
		return "none"
	}
	amount := func(v math.Int) string { return types.FormatUnits(v, types.Decimals) + " " + symbol }
	var parts []string
	if p.PerRecord.IsPositive() {
		parts = append(parts, amount(p.PerRecord)+" for each record")
	}
	if p.PerRow.IsPositive() {
		parts = append(parts, amount(p.PerRow)+" for each row")
	}
	if p.MaxPerRecord.IsPositive() && len(parts) > 0 {
		parts[len(parts)-1] += ", at most " + amount(p.MaxPerRecord) + " for a record"
	}
	if p.MatchPpm > 0 {
		parts = append(parts, types.FormatPercent(p.MatchPpm)+"% of what the payer of an answer loses by it")
	}
	return strings.Join(parts, "; ") + "; no more than " + amount(p.PerDay) + " a day, or " + amount(p.MaxPerDay) + " after raises"
}
