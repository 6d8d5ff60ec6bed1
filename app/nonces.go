package app

import (
	"context"

	"cosmossdk.io/collections"
	"cosmossdk.io/core/appmodule"

	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/x/auth"
	authkeeper "github.com/cosmos/cosmos-sdk/x/auth/keeper"
	authsigning "github.com/cosmos/cosmos-sdk/x/auth/signing"
)

const (
	// maxExpired is how many nonces of unordered transactions a block forgets.
	maxExpired = 5_000
	// nonceGas is what the end of a nonce costs. Blocks that are full of them add about as many as one forgets.
	nonceGas = 10_000
)

// authModule is x/auth that forgets few nonces of unordered transactions in a block. They may all expire in one that somebody
// chooses, and millions of them would take longer than a block has. One that waits to be forgotten does no harm: its
// transaction is refused for its time.
type authModule struct {
	auth.AppModule

	accounts authkeeper.AccountKeeper
}

// PreBlock implements appmodule.HasPreBlocker.
func (m authModule) PreBlock(ctx context.Context) (appmodule.ResponsePreBlock, error) {
	return &sdk.ResponsePreBlock{}, forgetNonces(sdk.UnwrapSDKContext(ctx), m.accounts.UnorderedNonces)
}

// forgetNonces removes the nonces that have expired first.
func forgetNonces(ctx sdk.Context, nonces collections.KeySet[collections.Pair[int64, []byte]]) error {
	all, err := nonces.Iterate(ctx, collections.NewPrefixUntilPairRange[int64, []byte](ctx.BlockTime().UnixNano()))
	if err != nil {
		return err
	}
	defer func() { _ = all.Close() }()
	var expired []collections.Pair[int64, []byte]
	for ; all.Valid() && len(expired) < maxExpired; all.Next() {
		key, err := all.Key()
		if err != nil {
			return err
		}
		expired = append(expired, key)
	}
	for _, key := range expired {
		if err := nonces.Remove(ctx, key); err != nil {
			return err
		}
	}
	return nil
}

// chargeNonces has an unordered transaction pay for the end of each of its nonces: one for each signer.
type chargeNonces struct{}

// AnteHandle implements sdk.AnteDecorator.
func (chargeNonces) AnteHandle(ctx sdk.Context, tx sdk.Tx, simulate bool, next sdk.AnteHandler) (sdk.Context, error) {
	if u, ok := tx.(sdk.TxWithUnordered); ok && u.GetUnordered() {
		if signed, ok := tx.(authsigning.SigVerifiableTx); ok {
			signers, err := signed.GetSigners()
			if err != nil {
				return ctx, err
			}
			ctx.GasMeter().ConsumeGas(nonceGas*uint64(len(signers)), "nonces of an unordered transaction")
		}
	}
	return next(ctx, tx, simulate)
}
