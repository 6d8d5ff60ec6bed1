package txflags

import (
	"fmt"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/cosmos/cosmos-sdk/client"
	"github.com/cosmos/cosmos-sdk/client/flags"
	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/client/trader"
	"github.com/alita-network/alita/client/tx"
)

const flagMaxFee = "max-fee"

// AddMaxFee gives every command below that pays a fee a bound of it.
func AddMaxFee(below *cobra.Command) {
	for _, cmd := range below.Commands() {
		AddMaxFee(cmd)
		f := cmd.Flags()
		if f.Lookup(flags.FlagGas) != nil && f.Lookup(flags.FlagFees) != nil && f.Lookup(flagMaxFee) == nil {
			f.String(flagMaxFee, "1ALITA", "most that the transaction may cost if --fees does not say what it costs: the gas, and its price, are a node's word otherwise")
		}
	}
}

// maxFee is the bound in ualita; 0 for the default.
func maxFee(f *pflag.FlagSet) (uint64, error) {
	text, err := f.GetString(flagMaxFee)
	if err != nil {
		return 0, nil // a command without the flag
	}
	amount, err := trader.AlitaUnits().Parse(text)
	if err != nil || !amount.Amount.IsPositive() || !amount.Amount.IsUint64() {
		return 0, fmt.Errorf("--%s: expected an amount such as 1ALITA, got %q", flagMaxFee, text)
	}
	return amount.Amount.Uint64(), nil
}

// Bounded returns a context whose commands encode no transaction that costs more than --max-fee, unless --fees says what it costs.
// What is not encoded is not sent.
func Bounded(clientCtx client.Context, f *pflag.FlagSet) (client.Context, error) {
	if f.Lookup(flagMaxFee) == nil || f.Changed(flags.FlagFees) || clientCtx.TxConfig == nil {
		return clientCtx, nil
	}
	limit, err := maxFee(f)
	if err != nil {
		return clientCtx, err
	}
	return clientCtx.WithTxConfig(bounded{clientCtx.TxConfig, limit}), nil
}

type bounded struct {
	client.TxConfig
	limit uint64
}

// TxEncoder implements client.TxEncodingConfig.
func (b bounded) TxEncoder() sdk.TxEncoder {
	encode := b.TxConfig.TxEncoder()
	return func(t sdk.Tx) ([]byte, error) {
		if fee, ok := t.(sdk.FeeTx); ok {
			if err := tx.CheckFee(fee.GetFee(), b.limit); err != nil {
				return nil, fmt.Errorf("%w for %d gas: if that is right, say what to pay (--%s) or allow more (--%s)", err, fee.GetGas(), flags.FlagFees, flagMaxFee)
			}
		}
		return encode(t)
	}
}
