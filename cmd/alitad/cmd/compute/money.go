package compute

import (
	"fmt"
	"math/big"
	"strings"

	"cosmossdk.io/math"

	datapooltypes "github.com/alita-network/alita/x/datapool/types"
)

// unit is how amounts of a coin are written: "0.5ALITA" or "500000ualita".
type unit struct{ symbol, base string }

var alita = unit{datapooltypes.DisplaySymbol, datapooltypes.BaseDenom}

// parse reads an amount in the unit's symbol or base denom, exactly.
func (u unit) parse(text string) (math.Int, error) {
	var number string
	decimals := 0
	switch lower := strings.ToLower(text); {
	// The base denom ends in the symbol's letters, so it goes first.
	case strings.HasSuffix(lower, strings.ToLower(u.base)):
		number = text[:len(text)-len(u.base)]
	case strings.HasSuffix(lower, strings.ToLower(u.symbol)):
		number, decimals = text[:len(text)-len(u.symbol)], datapooltypes.Decimals
	default:
		return math.Int{}, fmt.Errorf("amount: expected a unit, as in 0.5%s or 500000%s, got %q", u.symbol, u.base, text)
	}
	number = strings.TrimSpace(number)
	if number == "" || strings.Trim(number, "0123456789.") != "" {
		return math.Int{}, fmt.Errorf("amount: expected digits and at most one decimal point, got %q", text)
	}
	value, ok := new(big.Rat).SetString(number)
	if !ok {
		return math.Int{}, fmt.Errorf("amount: expected digits and at most one decimal point, got %q", text)
	}
	value.Mul(value, new(big.Rat).SetInt64(pow10(decimals)))
	if !value.IsInt() || value.Num().BitLen() > 127 {
		return math.Int{}, fmt.Errorf("amount: expected at most %d decimals and fewer than 39 digits, got %q", decimals, text)
	}
	return math.NewIntFromBigInt(value.Num()), nil
}

// format writes an amount in the unit's symbol, without zeros at the end: "0.5 ALITA".
func (u unit) format(amount math.Int) string {
	value := new(big.Rat).SetFrac(amount.BigInt(), big.NewInt(pow10(datapooltypes.Decimals)))
	text := value.FloatString(datapooltypes.Decimals)
	return strings.TrimSuffix(strings.TrimRight(text, "0"), ".") + " " + u.symbol
}

// price writes units of a coin for a ualita, times 2^64, as coins for an ALITA: "0.5 SPEED".
func (u unit) price(perAlita math.Int) string {
	value := new(big.Rat).SetFrac(perAlita.BigInt(), new(big.Int).Lsh(big.NewInt(1), 64))
	return strings.TrimSuffix(strings.TrimRight(value.FloatString(9), "0"), ".") + " " + u.symbol
}

func pow10(n int) int64 {
	p := int64(1)
	for range n {
		p *= 10
	}
	return p
}
