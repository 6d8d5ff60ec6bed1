package datapool

import (
	"fmt"
	"strconv"
	"strings"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/x/datapool/types"
)

// unit is a name under which people write amounts.
type unit struct {
	name, denom string
	decimals    int
}

// unitsOf returns the names that make sense for a pool: ALITA, its symbol and its
// shares, each also in base units.
func unitsOf(p types.Pool) []unit {
	return []unit{
		{types.DisplaySymbol, types.BaseDenom, types.Decimals},
		{types.BaseDenom, types.BaseDenom, 0},
		{p.Symbol, p.DataDenom, types.Decimals},
		{p.DataDenom, p.DataDenom, 0},
		{types.ShareSymbol(p.Symbol), p.ShareDenom, types.Decimals},
		{p.ShareDenom, p.ShareDenom, 0},
	}
}

// parseAmount reads an amount such as 1.5ALITA, 1500000ualita, 20SPEED or 20000000data/1,
// of at most 2^127 base units: no pool holds more, and sums and products of two fit.
func parseAmount(text string, units []unit) (sdk.Coin, error) {
	n := strings.IndexFunc(text, func(r rune) bool { return r != '.' && (r < '0' || r > '9') })
	if n <= 0 {
		return sdk.Coin{}, fmt.Errorf("expected a number and a unit such as 10%s, got %q", units[0].name, text)
	}
	name := strings.TrimSpace(text[n:])
	u, found := unitNamed(name, units)
	if !found {
		names := make([]string, len(units))
		for i, u := range units {
			names[i] = u.name
		}
		return sdk.Coin{}, fmt.Errorf("expected a unit of %s, got %q", strings.Join(names, ", "), name)
	}
	amount, err := types.ParseUnits(text[:n], u.decimals)
	if err != nil {
		return sdk.Coin{}, err
	}
	if most := types.MaxAmount(); amount.GT(most) {
		return sdk.Coin{}, fmt.Errorf("expected at most %s%s, got %s", types.FormatUnits(most, u.decimals), u.name, text)
	}
	return sdk.Coin{Denom: u.denom, Amount: amount}, nil
}

// unitNamed finds the unit of a name, in whatever case.
func unitNamed(name string, units []unit) (unit, bool) {
	for _, u := range units {
		if strings.EqualFold(name, u.name) {
			return u, true
		}
	}
	return unit{}, false
}

// format writes a coin in display units.
func format(c sdk.Coin, p types.Pool) string {
	for _, u := range unitsOf(p) {
		if u.denom == c.Denom {
			return types.FormatUnits(c.Amount, u.decimals) + " " + u.name
		}
	}
	return c.String()
}

// formatPair writes both coins of a pool.
func formatPair(a types.Amounts, p types.Pool) string {
	return format(sdk.Coin{Denom: types.BaseDenom, Amount: a.Alita}, p) + " and " +
		format(sdk.Coin{Denom: p.DataDenom, Amount: a.Data}, p)
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

func parsePoolID(text string) (uint64, bool) {
	id, err := strconv.ParseUint(text, 10, 64)
	return id, err == nil
}
