// Package ledger moves the coins of pools over the balances of x/bank. It leaves
// the same balances, supply, accounts and events as x/bank's own SendCoins, MintCoins
// and BurnCoins, byte for byte. It needs fewer operations:
//
//   - the account of a trader is read once for each message, not for each transfer;
//   - pools' accounts are not looked at: the module makes each a plain account, which
//     holds nothing back, and nobody has a key to change it;
//   - shares are minted to and burned from the trader's balance, not by way of the
//     account of the module.
//
// Every payment is checked before anything of it is written.
//
// Send restrictions and the restriction on minting do not apply, since a keeper of
// x/bank does not let others call them. CheckUnrestricted finds them: the application
// does not start with one.
package ledger

import (
	"context"
	"errors"

	"cosmossdk.io/collections"
	"cosmossdk.io/core/address"
	errorsmod "cosmossdk.io/errors"
	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"
	sdkerrors "github.com/cosmos/cosmos-sdk/types/errors"
	bankkeeper "github.com/cosmos/cosmos-sdk/x/bank/keeper"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"
)

// AccountKeeper is the part of x/auth that the ledger uses.
type AccountKeeper interface {
	GetAccount(ctx context.Context, addr sdk.AccAddress) sdk.AccountI
	NewAccountWithAddress(ctx context.Context, addr sdk.AccAddress) sdk.AccountI
	SetAccount(ctx context.Context, acc sdk.AccountI)
}

// Ledger moves coins of pools.
type Ledger struct {
	bank     bankkeeper.BaseKeeper
	accounts AccountKeeper
	codec    address.Codec
	// minter is the account of the module as events name it.
	minter string
}

// New returns a ledger over the balances of bank. Minter is the account of the module
// that mints and burns; it must exist and have both permissions.
func New(bank bankkeeper.BaseKeeper, accounts AccountKeeper, codec address.Codec, minter sdk.AccAddress) (*Ledger, error) {
	text, err := codec.BytesToString(minter)
	if err != nil {
		return nil, err
	}
	return &Ledger{bank: bank, accounts: accounts, codec: codec, minter: text}, nil
}

// Party is an account or a pool that takes part in a movement.
type Party struct {
	address sdk.AccAddress
	text    string
	// locked are the coins that a vesting account may not spend yet.
	locked sdk.Coins
	// missing says that the address has no account yet.
	missing bool
}

// Trader reads the account of a trader.
func (l *Ledger) Trader(ctx context.Context, addr sdk.AccAddress) (Party, error) {
	p, err := l.Pool(addr)
	if err != nil {
		return p, err
	}
	switch acc := l.accounts.GetAccount(ctx, addr).(type) {
	case nil:
		p.missing = true
	case banktypes.VestingAccount:
		p.locked = acc.LockedCoins(sdk.UnwrapSDKContext(ctx).BlockTime())
	}
	return p, nil
}

// Pool returns the account of a pool, which has to exist and to be a plain one.
func (l *Ledger) Pool(addr sdk.AccAddress) (Party, error) {
	text, err := l.codec.BytesToString(addr)
	return Party{address: addr, text: text}, err
}

// Send moves coins, which have to be valid: positive and sorted by denom. The error
// is ErrInsufficientFunds, as x/bank words it, if the sender cannot spend them.
// Nothing is written then.
func (l *Ledger) Send(ctx context.Context, from, to *Party, coins ...sdk.Coin) error {
	if err := l.spend(ctx, from, coins); err != nil {
		return err
	}
	for _, c := range coins {
		if err := l.receive(ctx, to, c); err != nil {
			return err
		}
	}
	l.ensureAccount(ctx, to)
	text := format(coins)
	sdk.UnwrapSDKContext(ctx).EventManager().EmitEvents(sdk.Events{
		spent(from.text, text), received(to.text, text), transfer(from.text, to.text, text), message(from.text),
	})
	return nil
}

// Mint makes a coin and gives it to a trader.
func (l *Ledger) Mint(ctx context.Context, to *Party, c sdk.Coin) error {
	supply, err := l.supply(ctx, c.Denom)
	if err != nil {
		return err
	}
	if supply, err = supply.SafeAdd(c.Amount); err != nil {
		return errorsmod.Wrapf(sdkerrors.ErrInvalidCoins, "supply of %s: %s", c.Denom, err)
	}
	if err := l.receive(ctx, to, c); err != nil {
		return err
	}
	if err := l.bank.Supply.Set(ctx, c.Denom, supply); err != nil {
		return err
	}
	l.ensureAccount(ctx, to)
	text := format([]sdk.Coin{c})
	sdk.UnwrapSDKContext(ctx).EventManager().EmitEvents(sdk.Events{
		received(l.minter, text), event(banktypes.EventTypeCoinMint, banktypes.AttributeKeyMinter, l.minter, text),
		spent(l.minter, text), received(to.text, text), transfer(l.minter, to.text, text), message(l.minter),
	})
	return nil
}

// Burn takes a coin from a trader and destroys it. The error is ErrInsufficientFunds
// if the trader cannot spend it.
func (l *Ledger) Burn(ctx context.Context, from *Party, c sdk.Coin) error {
	supply, err := l.supply(ctx, c.Denom)
	if err != nil {
		return err
	}
	if err := l.spend(ctx, from, []sdk.Coin{c}); err != nil {
		return err
	}
	if supply = supply.Sub(c.Amount); supply.IsZero() {
		err = l.bank.Supply.Remove(ctx, c.Denom)
	} else {
		err = l.bank.Supply.Set(ctx, c.Denom, supply)
	}
	if err != nil {
		return err
	}
	text := format([]sdk.Coin{c})
	sdk.UnwrapSDKContext(ctx).EventManager().EmitEvents(sdk.Events{
		spent(from.text, text), received(l.minter, text), transfer(from.text, l.minter, text), message(from.text),
		spent(l.minter, text), event(banktypes.EventTypeCoinBurn, banktypes.AttributeKeyBurner, l.minter, text),
	})
	return nil
}

// spend takes coins from a balance. All are checked before the first is taken.
func (l *Ledger) spend(ctx context.Context, from *Party, coins []sdk.Coin) error {
	var few [2]math.Int
	balances := few[:0]
	for _, c := range coins {
		balance, err := l.balance(ctx, from.address, c.Denom)
		if err != nil {
			return err
		}
		spendable := balance
		if len(from.locked) > 0 {
			locked := from.locked.AmountOf(c.Denom)
			if locked.GT(balance) {
				return errorsmod.Wrapf(sdkerrors.ErrInsufficientFunds, "locked amount exceeds account balance funds: %s%s > %s%s",
					locked, c.Denom, balance, c.Denom)
			}
			spendable = balance.Sub(locked)
		}
		if spendable.LT(c.Amount) {
			return errorsmod.Wrapf(sdkerrors.ErrInsufficientFunds, "spendable balance %s%s is smaller than %s", spendable, c.Denom, c)
		}
		balances = append(balances, balance.Sub(c.Amount))
	}
	for i, c := range coins {
		if err := l.setBalance(ctx, from.address, c.Denom, balances[i]); err != nil {
			return err
		}
	}
	return nil
}

func (l *Ledger) receive(ctx context.Context, to *Party, c sdk.Coin) error {
	balance, err := l.balance(ctx, to.address, c.Denom)
	if err != nil {
		return err
	}
	if balance, err = balance.SafeAdd(c.Amount); err != nil {
		return errorsmod.Wrapf(sdkerrors.ErrInvalidCoins, "balance of %s: %s", c.Denom, err)
	}
	return l.setBalance(ctx, to.address, c.Denom, balance)
}

func (l *Ledger) balance(ctx context.Context, addr sdk.AccAddress, denom string) (math.Int, error) {
	v, err := l.bank.Balances.Get(ctx, collections.Join(addr, denom))
	return zeroIfMissing(v, err)
}

// setBalance writes a balance; one of zero is not kept.
func (l *Ledger) setBalance(ctx context.Context, addr sdk.AccAddress, denom string, v math.Int) error {
	if v.IsZero() {
		return l.bank.Balances.Remove(ctx, collections.Join(addr, denom))
	}
	return l.bank.Balances.Set(ctx, collections.Join(addr, denom), v)
}

func (l *Ledger) supply(ctx context.Context, denom string) (math.Int, error) {
	v, err := l.bank.Supply.Get(ctx, denom)
	return zeroIfMissing(v, err)
}

func zeroIfMissing(v math.Int, err error) (math.Int, error) {
	if errors.Is(err, collections.ErrNotFound) {
		return math.ZeroInt(), nil
	}
	return v, err
}

// ensureAccount makes the account of an address that has received its first coins.
func (l *Ledger) ensureAccount(ctx context.Context, p *Party) {
	if p.missing {
		l.accounts.SetAccount(ctx, l.accounts.NewAccountWithAddress(ctx, p.address))
		p.missing = false
	}
}

// String returns the address as text.
func (p *Party) String() string { return p.text }
