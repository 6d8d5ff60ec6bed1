package trader

import (
	"fmt"
	"strings"

	"cosmossdk.io/math"

	"github.com/alita-network/alita/x/datapool/types"
)

// Tolerance is how much worse than its quote a trade may be, in parts per million of the quoted amount; below
// 1,000,000.
type Tolerance uint32

// ParseTolerance reads percent, with or without the sign: "0.5" and "0.5%" are 5,000 parts per million.
func ParseTolerance(text string) (Tolerance, error) {
	ppm, err := parsePercent(text)
	return Tolerance(ppm), err
}

// AtLeast returns the least that is accepted of an amount that is received: less the tolerance, rounded down. It is
// at least 1, because the chain takes a bound of zero for none.
func (t Tolerance) AtLeast(quoted math.Int) math.Int {
	return math.MaxInt(math.OneInt(), quoted.MulRaw(types.PPM-int64(t)).QuoRaw(types.PPM))
}

// AtMost returns the most that is accepted of an amount that is paid: with the tolerance, rounded up.
func (t Tolerance) AtMost(quoted math.Int) math.Int {
	return quoted.MulRaw(types.PPM + int64(t)).AddRaw(types.PPM - 1).QuoRaw(types.PPM)
}

// parsePercent reads a percentage below 100 as parts per million: 0.5 is 5000.
func parsePercent(text string) (uint32, error) {
	v, err := types.ParseUnits(strings.TrimSuffix(text, "%"), 4)
	if err != nil || v.GTE(math.NewInt(types.PPM)) {
		return 0, fmt.Errorf("expected percent from 0 to below 100 with at most 4 decimals, got %q", text)
	}
	return uint32(v.Int64()), nil
}

// parsePortion is parsePercent with 100 allowed.
func parsePortion(text string) (uint32, error) {
	if strings.TrimSuffix(text, "%") == "100" {
		return types.PPM, nil
	}
	return parsePercent(text)
}
