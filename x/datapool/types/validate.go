package types

import (
	"slices"
	"time"

	errorsmod "cosmossdk.io/errors"
	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/terms/text"
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
	// MaxFormerMakers bounds how often the role of the maker goes to another account.
	MaxFormerMakers = 16
	// MaxDuration bounds locks and vesting, in seconds: 100 years of 365.25 days.
	MaxDuration = 3_155_760_000
)

// The rules of texts.
var (
	symbolRule       = text.Rule{Kind: text.Symbol, MinRunes: MinSymbol, MaxRunes: MaxSymbol}
	nameRule         = text.Rule{Kind: text.Name, MinRunes: MinName, MaxRunes: MaxName}
	descriptionRule  = text.Rule{Kind: text.Lines, MaxBytes: MaxDescription}
	requirementsRule = text.Rule{Kind: text.Lines, MaxBytes: MaxRequirementsText}
	columnRule       = text.Rule{Kind: text.Line, MinRunes: 1, MaxRunes: MaxColumnName}
)

// nativeSymbols are the skeletons of the native coin's names.
var nativeSymbols = []string{SymbolKey(DisplaySymbol), SymbolKey("UALITA")}

// knownSymbols are the skeletons of names by which people know other coins and money. A wallet shows a symbol and
// nothing else, so a Data Token that is called USDC would pass for the dollar's.
var knownSymbols = skeletons("AAVE", "AKT", "APT", "ARB", "ATOM", "AVAX", "BCH", "BITCOIN", "BNB", "BTC", "CHF", "CNY", "DAI", "DOGE", "DOT", "DYDX",
	"ETH", "ETHER", "ETHEREUM", "EUR", "EURC", "EURO", "GBP", "INJ", "JPY", "JUNO", "LINK", "LTC", "MATIC", "NEAR", "NTRN", "OSMO", "PYUSD", "SOL", "STARS",
	"STETH", "SUI", "TETHER", "TIA", "TON", "TRX", "UNI", "USD", "USDC", "USDE", "USDS", "USDT", "WBTC", "WETH", "XAU", "XBT", "XMR", "XRP")

func skeletons(symbols ...string) []string {
	for i, s := range symbols {
		symbols[i] = SymbolKey(s)
	}
	return symbols
}

// ValidateSymbol checks a symbol: 3 to 16 upper-case letters and digits, a letter
// first, which do not look like the native coin's or a known coin's.
func ValidateSymbol(s string) error {
	if err := symbolRule.Check(s); err != nil {
		return errorsmod.Wrapf(ErrInvalidSymbol, "symbol: %s", err)
	}
	if slices.Contains(nativeSymbols, SymbolKey(s)) {
		return errorsmod.Wrapf(ErrInvalidSymbol, "symbol: expected one that does not look like the native coin's %s, got %s", DisplaySymbol, s)
	}
	if slices.Contains(knownSymbols, SymbolKey(s)) {
		return errorsmod.Wrapf(ErrInvalidSymbol, "symbol: expected one that does not look like a known coin's, got %s", s)
	}
	return nil
}

// SymbolKey returns what symbols that look alike have in common: SP0ON and SPOON have
// one key, and so can not both be the symbol of a pool.
func SymbolKey(symbol string) string { return text.Skeleton(symbol) }

// ValidateName checks the name of a collection: one line of 3 to 128 characters.
func ValidateName(s string) error { return validateText("name", s, nameRule) }

// ValidateDescription checks a description: at most 4,096 bytes of text.
func ValidateDescription(s string) error { return validateText("description", s, descriptionRule) }

func validateText(field, s string, rule text.Rule) error {
	if err := rule.Check(s); err != nil {
		return errorsmod.Wrapf(ErrInvalidText, "%s: %s", field, err)
	}
	return nil
}

// Validate checks the requirements; the error is ErrInvalidRequired or ErrInvalidText.
func (r Requirements) Validate() error {
	if err := validateText("requirements.text", r.Text, requirementsRule); err != nil {
		return err
	}
	if len(r.Columns) > MaxColumns {
		return errorsmod.Wrapf(ErrInvalidRequired, "columns: expected at most %d, got %d", MaxColumns, len(r.Columns))
	}
	if r.MinRows > MaxMinRows {
		return errorsmod.Wrapf(ErrInvalidRequired, "min_rows: expected at most %d, got %d", uint64(MaxMinRows), r.MinRows)
	}
	var names text.Names
	for i, c := range r.Columns {
		if err := columnRule.Check(c.Name); err != nil {
			return errorsmod.Wrapf(ErrInvalidRequired, "columns[%d].name: %s", i, err)
		}
		if err := names.Add(c.Name); err != nil {
			return errorsmod.Wrapf(ErrInvalidRequired, "columns[%d].name: %s", i, err)
		}
		if _, ok := ColumnType_name[int32(c.Type)]; !ok {
			return errorsmod.Wrapf(ErrInvalidRequired, "columns[%d].type: expected 0 to %d, got %d", i, len(ColumnType_name)-1, c.Type)
		}
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

// Rates returns the rates of a swap. The protocol's part is governance's to change and
// comes before the pool's own parts.
func (f FeePolicy) Rates(protocolPPM uint32) amm.Fees {
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

// CheckDeadline returns ErrDeadline if the deadline is missing or before now.
func CheckDeadline(deadline, now time.Time) error {
	if deadline.IsZero() || deadline.Unix() <= 0 {
		return errorsmod.Wrap(ErrDeadline, "deadline: expected the last block time at which the message may execute, got none")
	}
	if now.After(deadline) {
		return errorsmod.Wrapf(ErrDeadline, "deadline: expected at least the block time %s, got %s",
			now.UTC().Format(time.RFC3339), deadline.UTC().Format(time.RFC3339))
	}
	return nil
}

// CheckCoin reports whether a coin of a pool is ALITA. The error is ErrInvalidDenom if it
// is neither of the pool's two.
func CheckCoin(field string, coin sdk.Coin, poolID uint64) (isAlita bool, err error) {
	switch coin.Denom {
	case BaseDenom:
		return true, nil
	case DataDenom(poolID):
		return false, nil
	}
	return false, errorsmod.Wrapf(ErrInvalidDenom, "%s: expected %s or %s, got %.80q", field, BaseDenom, DataDenom(poolID), coin.Denom)
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
