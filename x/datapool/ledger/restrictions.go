package ledger

import (
	"errors"
	"fmt"
	"reflect"

	bankkeeper "github.com/cosmos/cosmos-sdk/x/bank/keeper"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"
)

// ErrRestricted is the error of CheckUnrestricted.
var ErrRestricted = errors.New("x/bank has a restriction that would not hold for pools")

// CheckUnrestricted fails with ErrRestricted if a keeper of x/bank has a restriction on sending or minting. The ledger
// cannot honour one: x/bank does not let others call it. So an application calls this before it starts, and does not
// start if a restriction would silently not hold for trades. It also fails if it cannot see whether there is one, which
// a new version of the SDK may cause.
func (l *Ledger) CheckUnrestricted() error { return checkUnrestricted(l.bank) }

func checkUnrestricted(bank bankkeeper.BaseKeeper) error {
	sending := reflect.ValueOf(bank.BaseSendKeeper).FieldByName("sendRestriction")
	if sending.Kind() != reflect.Pointer || sending.IsNil() {
		return fmt.Errorf("%w: field sendRestriction: expected a pointer, got a nil one or %s", ErrRestricted, sending.Kind())
	}
	send := sending.Elem().FieldByName("fn")
	mint := reflect.ValueOf(bank).FieldByName("mintCoinsRestrictionFn")
	if send.Kind() != reflect.Func || mint.Kind() != reflect.Func {
		return fmt.Errorf("%w: restrictions on sending and minting: expected functions, got %s and %s", ErrRestricted, send.Kind(), mint.Kind())
	}
	if !send.IsNil() {
		return fmt.Errorf("%w: send restriction: expected none, got one", ErrRestricted)
	}
	if mint.Pointer() != reflect.ValueOf(banktypes.NoOpMintingRestrictionFn).Pointer() {
		return fmt.Errorf("%w: restriction on minting: expected none, got one", ErrRestricted)
	}
	return nil
}
