package chain

import (
	"fmt"
	"regexp"
	"strings"

	"cosmossdk.io/math"
)

// Coin is an amount of one denomination. The zero Coin is no money.
type Coin struct {
	Denom  string
	Amount math.Int
}

// IsZero reports whether the coin is no money.
func (c Coin) IsZero() bool { return c.Amount.IsNil() || c.Amount.IsZero() }

// String is the form "250ualita", or "" for no money.
func (c Coin) String() string {
	if c.IsZero() {
		return ""
	}
	return c.Amount.String() + c.Denom
}

var (
	gasPrice = regexp.MustCompile(`^(\d+(?:\.\d+)?|\.\d+)\s*([a-zA-Z][a-zA-Z0-9/:._-]{2,127})$`)
	// maxGasPrice keeps the product with any gas in the range of math.LegacyDec.
	maxGasPrice = math.LegacyNewDec(1_000_000_000_000_000_000)
)

// FeeFor is the fee for gas at a price such as "0.0025ualita" or "" (free), rounded up. If several denominations
// are offered, the first one counts. A price is at most 10^18.
func FeeFor(gas uint64, price string) (Coin, error) {
	price, _, _ = strings.Cut(price, ",")
	price = strings.TrimSpace(price)
	if price == "" {
		return Coin{}, nil
	}
	parts := gasPrice.FindStringSubmatch(price)
	if parts == nil {
		return Coin{}, fmt.Errorf("gas price: expected a decimal number and a denomination, as in 0.0025ualita, got %.80q", price)
	}
	p, err := math.LegacyNewDecFromStr(parts[1])
	if err != nil {
		return Coin{}, fmt.Errorf("gas price %.80q: %w", price, err)
	}
	if p.GT(maxGasPrice) {
		return Coin{}, fmt.Errorf("gas price: expected at most 10^18, got %.80q", price)
	}
	fee := Coin{Denom: parts[2], Amount: p.MulInt(math.NewIntFromUint64(gas)).Ceil().TruncateInt()}
	if fee.IsZero() {
		return Coin{}, nil
	}
	return fee, nil
}

// priceText is a price of gas in billionths of a ualita as FeeFor reads it.
func priceText(billionths uint64) string {
	return fmt.Sprintf("%d.%09d%s", billionths/1_000_000_000, billionths%1_000_000_000, feeDenom)
}
