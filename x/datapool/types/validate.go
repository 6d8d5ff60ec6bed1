package types

import (
	"time"
	"unicode"
	"unicode/utf8"

	errorsmod "cosmossdk.io/errors"
	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/x/datapool/amm"
)

// Bounds of the fields of messages.
const (
	MinSymbol, MaxSymbol = 3, 16
	MinName, MaxName     = 3, 128
	MaxDescription       = 4096
	MaxRequirementsText  = 4096
	MaxColumns           = 64
	MaxColumnName        = 128
	// MaxMinRows bounds the number of rows that a pool may require.
	MaxMinRows = 1_000_000_000_000
	// MaxDuration bounds locks and vesting, in seconds: 100 years of 365.25 days.
	MaxDuration = 3_155_760_000
)

// ValidateSymbol checks a symbol: 3 to 16 upper-case letters and digits, a letter
// first, and not the native coin's.
func ValidateSymbol(s string) error {
	if len(s) < MinSymbol || len(s) > MaxSymbol {
		return errorsmod.Wrapf(ErrInvalidSymbol, "expected %d to %d characters, got %d", MinSymbol, MaxSymbol, len(s))
	}
	for i, c := range []byte(s) {
		if letter := c >= 'A' && c <= 'Z'; !letter && (i == 0 || c < '0' || c > '9') {
			return errorsmod.Wrapf(ErrInvalidSymbol, "expected upper-case letters and digits with a letter first, got %q", s)
		}
	}
	if s == DisplaySymbol || s == "UALITA" {
		return errorsmod.Wrapf(ErrInvalidSymbol, "expected a name of its own, %s is the native coin", s)
	}
	return nil
}

// ValidateName checks the name of a collection: one line of 3 to 128 characters.
func ValidateName(s string) error {
	n := utf8.RuneCountInString(s)
	if n < MinName || n > MaxName {
		return errorsmod.Wrapf(ErrInvalidText, "name: expected %d to %d characters, got %d", MinName, MaxName, n)
	}
	if !printable(s, false) {
		return errorsmod.Wrap(ErrInvalidText, "name: expected UTF-8 in one line without control characters")
	}
	return nil
}

// ValidateDescription checks a description: at most 4,096 bytes of text.
func ValidateDescription(s string) error {
	return validateText("description", s, MaxDescription)
}

func validateText(field, s string, limit int) error {
	if len(s) > limit {
		return errorsmod.Wrapf(ErrInvalidText, "%s: expected at most %d bytes, got %d", field, limit, len(s))
	}
	if !printable(s, true) {
		return errorsmod.Wrapf(ErrInvalidText, "%s: expected UTF-8 without control characters", field)
	}
	return nil
}

// printable reports whether s is UTF-8 without control characters, those included
// that turn the direction of writing and so can make one name look like another;
// lines allows line breaks and tabs.
func printable(s string, lines bool) bool {
	if !utf8.ValidString(s) {
		return false
	}
	for _, r := range s {
		if lines && (r == '\n' || r == '\t') {
			continue
		}
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
			return false
		}
	}
	return true
}

// Validate checks the requirements; the error is ErrInvalidRequired or ErrInvalidText.
func (r Requirements) Validate() error {
	if err := validateText("requirements.text", r.Text, MaxRequirementsText); err != nil {
		return err
	}
	if len(r.Columns) > MaxColumns {
		return errorsmod.Wrapf(ErrInvalidRequired, "columns: expected at most %d, got %d", MaxColumns, len(r.Columns))
	}
	if r.MinRows > MaxMinRows {
		return errorsmod.Wrapf(ErrInvalidRequired, "min_rows: expected at most %d, got %d", uint64(MaxMinRows), r.MinRows)
	}
	seen := make(map[string]bool, len(r.Columns))
	for i, c := range r.Columns {
		n := utf8.RuneCountInString(c.Name)
		switch {
		case n < 1 || n > MaxColumnName:
			return errorsmod.Wrapf(ErrInvalidRequired, "columns[%d].name: expected 1 to %d characters, got %d", i, MaxColumnName, n)
		case !printable(c.Name, false):
			return errorsmod.Wrapf(ErrInvalidRequired, "columns[%d].name: expected UTF-8 without control characters", i)
		case seen[c.Name]:
			return errorsmod.Wrapf(ErrInvalidRequired, "columns[%d].name: expected each column once, %q is there already", i, c.Name)
		}
		if _, ok := ColumnType_name[int32(c.Type)]; !ok {
			return errorsmod.Wrapf(ErrInvalidRequired, "columns[%d].type: expected 0 to %d, got %d", i, len(ColumnType_name)-1, c.Type)
		}
		seen[c.Name] = true
	}
	return nil
}

// Validate checks a fee policy against the largest swap fee that is allowed.
func (f FeePolicy) Validate(maxSwapFee uint32) error {
	if f.SwapFeePpm > maxSwapFee {
		return errorsmod.Wrapf(ErrInvalidFees, "swap_fee_ppm: expected at most %d, got %d", maxSwapFee, f.SwapFeePpm)
	}
	if sum := uint64(f.MakerPpm) + uint64(f.RewardsPpm); sum > PPM {
		return errorsmod.Wrapf(ErrInvalidFees, "maker_ppm + rewards_ppm: expected at most %d, got %d", PPM, sum)
	}
	return nil
}

// Rates returns the rates of a swap. The protocol's part is governance's to
// change, so it takes no more than the pool's own parts have left.
func (f FeePolicy) Rates(protocolPPM uint32) amm.Fees {
	if left := PPM - f.MakerPpm - f.RewardsPpm; protocolPPM > left {
		protocolPPM = left
	}
	return amm.Fees{Swap: f.SwapFeePpm, Maker: f.MakerPpm, Protocol: protocolPPM, Rewards: f.RewardsPpm}
}

// PositiveAmount reads an amount from 1 to 2^127 into z.
func PositiveAmount(z *amm.Int, field string, v math.Int) error {
	if v.IsNil() || !v.IsPositive() {
		return errorsmod.Wrapf(ErrInvalidAmount, "%s: expected at least 1, got %s", field, v)
	}
	if !SetInt(z, v) || amm.TooLarge(z) {
		return errorsmod.Wrapf(ErrTooLarge, "%s: expected at most 2^127, got %s", field, v)
	}
	return nil
}

// Amount reads an amount from 0 to 2^127 into z.
func Amount(z *amm.Int, field string, v math.Int) error {
	if !v.IsNil() && v.IsZero() {
		z.Clear()
		return nil
	}
	if v.IsNil() || v.IsNegative() {
		return errorsmod.Wrapf(ErrInvalidAmount, "%s: expected zero or more, got %s", field, v)
	}
	return PositiveAmount(z, field, v)
}

// Bound reads a bound of a trade, which is mandatory: from 1 on. A bound above 2^127
// can be written and is then met always or never.
func Bound(z *amm.Int, field string, v math.Int) error {
	if v.IsNil() || !v.IsPositive() || !SetInt(z, v) {
		return errorsmod.Wrapf(ErrInvalidBound, "%s: expected at least 1, got %s", field, v)
	}
	return nil
}

// CheckDeadline answers ErrDeadline where the deadline is missing or before now.
func CheckDeadline(deadline, now time.Time) error {
	if deadline.IsZero() || deadline.Unix() <= 0 {
		return errorsmod.Wrap(ErrDeadline, "expected the last block time at which the message may execute, got none")
	}
	if now.After(deadline) {
		return errorsmod.Wrapf(ErrDeadline, "expected a block time of at most %s, got %s",
			deadline.UTC().Format(time.RFC3339), now.UTC().Format(time.RFC3339))
	}
	return nil
}

// CheckCoin answers ErrInvalidDenom where the coin is neither of the pool's two;
// else whether it is ALITA.
func CheckCoin(field string, coin sdk.Coin, poolID uint64) (isAlita bool, err error) {
	switch coin.Denom {
	case BaseDenom:
		return true, nil
	case DataDenom(poolID):
		return false, nil
	}
	return false, errorsmod.Wrapf(ErrInvalidDenom, "%s: expected %s or %s, got %q", field, BaseDenom, DataDenom(poolID), coin.Denom)
}

// ValidateDuration checks a length of time in seconds.
func ValidateDuration(field string, seconds uint64) error {
	if seconds > MaxDuration {
		return errorsmod.Wrapf(ErrInvalidDuration, "%s: expected at most %d, got %d", field, uint64(MaxDuration), seconds)
	}
	return nil
}

// ShareSymbol returns the display name of the liquidity shares of a pool.
func ShareSymbol(symbol string) string { return symbol + "-SHARE" }
