package trader

import (
	"fmt"
	"strings"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/x/datapool/types"
)

// Unit is a name under which people write amounts of a coin.
type Unit struct {
	// Name is ALITA, ualita, the symbol of a pool, or a denom.
	Name string
	// Denom is the coin.
	Denom string
	// Decimals is how many decimals an amount in this unit can have.
	Decimals int
}

// Units are the units that an amount may be written in.
type Units []Unit

// AlitaUnits are the units of ALITA.
func AlitaUnits() Units {
	return Units{{types.DisplaySymbol, types.BaseDenom, types.Decimals}, {types.BaseDenom, types.BaseDenom, 0}}
}

// DataUnits are the units of a pool's Data Token.
func DataUnits(p types.Pool) Units {
	return Units{{p.Symbol, p.DataDenom, types.Decimals}, {p.DataDenom, p.DataDenom, 0}}
}

// CoinUnits are the units of both coins that trade in a pool.
func CoinUnits(p types.Pool) Units { return append(AlitaUnits(), DataUnits(p)...) }

// ShareUnits are the units of a pool's shares.
func ShareUnits(p types.Pool) Units {
	return Units{{types.ShareSymbol(p.Symbol), p.ShareDenom, types.Decimals}, {p.ShareDenom, p.ShareDenom, 0}}
}

// Parse reads an amount such as 1.5ALITA, 1500000ualita, 20SPEED or 20000000data/1. More than 2^127 base units are
// refused: no pool holds more, and sums and products of two such amounts fit.
func (u Units) Parse(text string) (sdk.Coin, error) {
	n := strings.IndexFunc(text, func(r rune) bool { return r != '.' && (r < '0' || r > '9') })
	if n <= 0 {
		return sdk.Coin{}, fmt.Errorf("expected a number and a unit such as 10%s, got %q", u[0].Name, text)
	}
	name := strings.TrimSpace(text[n:])
	unit, ok := u.Named(name)
	if !ok {
		names := make([]string, len(u))
		for i := range u {
			names[i] = u[i].Name
		}
		return sdk.Coin{}, fmt.Errorf("expected a unit of %s, got %q", strings.Join(names, ", "), name)
	}
	amount, err := types.ParseUnits(text[:n], unit.Decimals)
	if err != nil {
		return sdk.Coin{}, err
	}
	if most := types.MaxAmount(); amount.GT(most) {
		return sdk.Coin{}, fmt.Errorf("expected at most %s%s, got %s", types.FormatUnits(most, unit.Decimals), unit.Name, text)
	}
	return sdk.Coin{Denom: unit.Denom, Amount: amount}, nil
}

// Named finds the unit of a name; upper and lower case are the same.
func (u Units) Named(name string) (Unit, bool) {
	for _, unit := range u {
		if strings.EqualFold(name, unit.Name) {
			return unit, true
		}
	}
	return Unit{}, false
}

// Format writes an amount in the first unit of its coin: 1.5 ALITA. A coin without a unit stays in base units.
func (u Units) Format(c sdk.Coin) string {
	for _, unit := range u {
		if unit.Denom == c.Denom {
			return types.FormatUnits(c.Amount, unit.Decimals) + " " + unit.Name
		}
	}
	return c.String()
}
