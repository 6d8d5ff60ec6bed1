package types

import (
	"math/big"
	"strings"

	errorsmod "cosmossdk.io/errors"
	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/x/datapool/amm"
)

// PriceDecimals is the number of decimals of prices as text.
const PriceDecimals = 18

// maxDigits bounds the digits of an amount as text: 2^256 has 78.
const maxDigits = 78

// FormatUnits writes an amount of base units in display units with the given
// number of decimals, exactly and without trailing zeros: 1500000 with 6 is "1.5".
func FormatUnits(v math.Int, decimals int) string {
	if v.IsNil() {
		return "0"
	}
	if v.IsNegative() {
		return "-" + formatBig(v.Neg().BigIntMut(), decimals)
	}
	return formatBig(v.BigIntMut(), decimals)
}

// ParseUnits reads a decimal text in display units as base units: "1.5" with 6
// decimals is 1500000. More decimals than there are units are refused.
func ParseUnits(text string, decimals int) (math.Int, error) {
	whole, fraction, point := strings.Cut(text, ".")
	if whole == "" || (point && fraction == "") || len(fraction) > decimals || len(whole) > maxDigits || !digitsOnly(whole+fraction) {
		return math.Int{}, errorsmod.Wrapf(ErrInvalidAmount, "expected a number with at most %d decimals, got %.80q", decimals, text)
	}
	v, ok := decimal(whole + fraction + strings.Repeat("0", decimals-len(fraction)))
	if !ok {
		return math.Int{}, errorsmod.Wrapf(ErrTooLarge, "expected a number below 2^256, got %.80q", text)
	}
	return v, nil
}

// FormatRatio writes num/den, rounded down to PriceDecimals decimals; "0" if
// den is zero.
func FormatRatio(num, den *amm.Int) string {
	if den.IsZero() {
		return "0"
	}
	scaled := new(big.Int).Mul(num.ToBig(), pow10(PriceDecimals))
	return formatBig(scaled.Quo(scaled, den.ToBig()), PriceDecimals)
}

// FormatPrice writes a price with 64 fractional bits, rounded to the nearest with
// PriceDecimals decimals, half up: the bits of 0.1 are a little less than 0.1.
func FormatPrice(price *amm.Int) string {
	scaled := new(big.Int).Mul(price.ToBig(), pow10(PriceDecimals))
	scaled.Add(scaled, new(big.Int).Lsh(big.NewInt(1), amm.PriceBits-1))
	return formatBig(scaled.Rsh(scaled, amm.PriceBits), PriceDecimals)
}

// FormatPercent writes parts per million as percent: 3000 is "0.3".
func FormatPercent(ppm uint32) string { return FormatUnits(math.NewInt(int64(ppm)), 4) }

// partDecimals is the number of decimals of FormatPart.
const partDecimals = 6

// FormatPart writes part of whole as percent with at most 6 decimals, rounded to the
// nearest, half up; "0" if the whole is zero. Neither may be negative.
func FormatPart(part, whole math.Int) string { return formatPart(part.BigIntMut(), whole.BigIntMut()) }

func formatPart(part, whole *big.Int) string {
	if whole.Sign() == 0 {
		return "0"
	}
	return formatBig(nearest(part, whole, 100*1_000_000), partDecimals)
}

func pow10(n int64) *big.Int { return new(big.Int).Exp(big.NewInt(10), big.NewInt(n), nil) }

// formatBig writes v / 10^decimals for v of zero or more and of any size.
func formatBig(v *big.Int, decimals int) string {
	digits := v.String()
	if pad := decimals + 1 - len(digits); pad > 0 {
		digits = strings.Repeat("0", pad) + digits
	}
	whole, fraction := digits[:len(digits)-decimals], strings.TrimRight(digits[len(digits)-decimals:], "0")
	if fraction == "" {
		return whole
	}
	return whole + "." + fraction
}

// ParseCoin reads a whole number of base units and a denom, such as "1000000ualita"
// or "5data/1".
func ParseCoin(text string) (sdk.Coin, error) {
	n := 0
	for n < len(text) && text[n] >= '0' && text[n] <= '9' {
		n++
	}
	denom := text[n:]
	if n == 0 || n > maxDigits || sdk.ValidateDenom(denom) != nil {
		return sdk.Coin{}, errorsmod.Wrapf(ErrInvalidAmount, "expected a whole number and a denom, such as 1000000%s, got %.80q", BaseDenom, text)
	}
	v, ok := decimal(text[:n])
	if !ok {
		return sdk.Coin{}, errorsmod.Wrapf(ErrTooLarge, "expected an amount below 2^256, got %.80q", text)
	}
	return sdk.Coin{Denom: denom, Amount: v}, nil
}

// ParseInt reads a whole number of base units.
func ParseInt(field, text string) (math.Int, error) {
	if text == "" || len(text) > maxDigits || !digitsOnly(text) {
		return math.Int{}, errorsmod.Wrapf(ErrInvalidAmount, "%s: expected a whole number, got %.80q", field, text)
	}
	v, ok := decimal(text)
	if !ok {
		return math.Int{}, errorsmod.Wrapf(ErrTooLarge, "%s: expected a number below 2^256, got %.80q", field, text)
	}
	return v, nil
}

// decimal reads digits in base ten, whatever they begin with: math.NewIntFromString
// takes a leading zero for octal. False if the number does not fit.
func decimal(digits string) (math.Int, bool) {
	v, ok := new(big.Int).SetString(digits, 10)
	if !ok || v.BitLen() > math.MaxBitLen {
		return math.Int{}, false
	}
	return math.NewIntFromBigIntMut(v), true
}

func digitsOnly(s string) bool {
	for _, c := range []byte(s) {
		if c < '0' || c > '9' {
			return false
		}
	}
	return true
}
