package types

import (
	"errors"
	"fmt"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/terms"
	datapooltypes "github.com/alita-network/alita/x/datapool/types"
)

// NewFunds returns amounts of ualita and of Data Token units.
func NewFunds(alita, data int64) Funds { return Funds(terms.NewFunds(alita, data)) }

// ZeroFunds returns no money.
func ZeroFunds() Funds { return NewFunds(0, 0) }

// Add returns f + g.
func (f Funds) Add(g Funds) Funds {
	return Funds{Alita: f.Alita.Add(g.Alita), Data: f.Data.Add(g.Data)}
}

// Sub returns f - g; the result may be negative.
func (f Funds) Sub(g Funds) Funds {
	return Funds(terms.Funds(f).Sub(terms.Funds(g)))
}

// Covers reports whether f is at least g in both amounts.
func (f Funds) Covers(g Funds) bool {
	return terms.Funds(f).Covers(terms.Funds(g))
}

// IsZero reports whether both amounts are zero.
func (f Funds) IsZero() bool { return f.Alita.IsZero() && f.Data.IsZero() }

// Coins returns the funds as coins of a pool; amounts of zero are left out.
func (f Funds) Coins(poolID uint64) sdk.Coins {
	return sdk.NewCoins(sdk.NewCoin(datapooltypes.BaseDenom, f.Alita), sdk.NewCoin(datapooltypes.DataDenom(poolID), f.Data))
}

// Text shows the funds for people: "12 ualita and 34 Data Token units".
func (f Funds) Text() string { return terms.Funds(f).Text() }

// validate refuses missing, negative and oversized amounts.
func (f Funds) validate() error {
	if err := validateAmount(f.Alita); err != nil {
		return fmt.Errorf("alita: %w", err)
	}
	if err := validateAmount(f.Data); err != nil {
		return fmt.Errorf("data: %w", err)
	}
	return nil
}

func validateAmount(v math.Int) error { return validateInt(v, terms.MaxAmountBits) }

// validateInt accepts 0 to 2^bits - 1.
func validateInt(v math.Int, bits int) error {
	switch {
	case v.IsNil():
		return errors.New("expected a whole number, got none")
	case v.IsNegative():
		return fmt.Errorf("expected at least 0, got %s", v)
	case v.BigIntMut().BitLen() > bits:
		return fmt.Errorf("expected at most %d bits, got %d", bits, v.BigIntMut().BitLen())
	}
	return nil
}
