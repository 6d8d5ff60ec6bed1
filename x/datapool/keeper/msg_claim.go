package keeper

import (
	"context"

	errorsmod "cosmossdk.io/errors"
	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/internal/modulekit"
	"github.com/alita-network/alita/x/datapool/types"
)

// ClaimMaker implements types.MsgServer.
func (k msgServer) ClaimMaker(ctx context.Context, msg *types.MsgClaimMaker) (*types.MsgClaimMakerResponse, error) {
	p, maker, err := k.recordOfMaker(ctx, msg.PoolId, msg.Maker)
	if err != nil {
		return nil, err
	}
	m, err := k.market(ctx, msg.PoolId)
	if err != nil {
		return nil, err
	}
	o, err := k.outlet(ctx, msg.PoolId)
	if err != nil {
		return nil, err
	}
	claim := k.MakerClaimable(ctx, types.JoinPool(p, m, o))
	pay := m.MakerFees.Coins(p.Id)
	if fees := m.MakerFees.Data; !fees.IsZero() {
		// Tokens that a maker got for nothing count in what it can take, wherever they are.
		if _, overflow := o.MakerFees.AddOverflow(&o.MakerFees, &fees); overflow {
			return nil, errorsmod.Wrapf(types.ErrTooLarge, "maker's fees: expected a sum below 2^256, got %s more", fees.Dec())
		}
		if err := k.Outlets.Set(ctx, p.Id, o); err != nil {
			return nil, err
		}
	}
	m.MakerFees = types.Pair{}
	vested, shares := claim.Vested.IsPositive(), claim.Shares.IsPositive()
	if vested {
		pay = pay.Add(sdk.NewCoin(p.DataDenom, claim.Vested))
		p.Vesting.Claimed = p.Vesting.Claimed.Add(claim.Vested)
	}
	if shares {
		pay = pay.Add(sdk.NewCoin(p.ShareDenom, claim.Shares))
		p.LockedShares.Amount = math.ZeroInt()
	}
	if pay.IsZero() {
		return nil, errorsmod.Wrapf(types.ErrNothingToClaim, "pool %d: expected swap fees, a vested part or unlocked shares, got none", p.Id)
	}
	if err := k.bankKeeper.SendCoins(ctx, types.PoolAddress(p.Id), maker, pay); err != nil {
		return nil, err
	}
	if err := k.Markets.Set(ctx, p.Id, m); err != nil {
		return nil, err
	}
	// The record carries the description: it is written only if it has changed.
	if vested || shares {
		if err := k.Pools.Set(ctx, p.Id, p); err != nil {
			return nil, err
		}
	}
	return modulekit.Answer(&claim, modulekit.Emit(ctx, &types.EventMakerClaimed{
		PoolId: p.Id, Maker: p.Maker, Fees: claim.Fees, Vested: claim.Vested.String(), Shares: claim.Shares.String(),
	}))
}

// ClaimProtocol implements types.MsgServer: the protocol's swap fees go to the community
// pool, and those in Data Tokens to the treasury, whoever asks.
func (k msgServer) ClaimProtocol(ctx context.Context, msg *types.MsgClaimProtocol) (*types.MsgClaimProtocolResponse, error) {
	if _, err := k.address("sender", msg.Sender); err != nil {
		return nil, err
	}
	m, err := k.market(ctx, msg.PoolId)
	if err != nil {
		return nil, err
	}
	fees := m.ProtocolFees
	if fees.IsZero() {
		return nil, errorsmod.Wrapf(types.ErrNothingToClaim, "pool %d: expected swap fees of the protocol, got none", msg.PoolId)
	}
	if err := k.payProtocol(ctx, msg.PoolId, fees.Coins(msg.PoolId)); err != nil {
		return nil, err
	}
	m.ProtocolFees = types.Pair{}
	if err := k.Markets.Set(ctx, msg.PoolId, m); err != nil {
		return nil, err
	}
	return modulekit.Answer(&types.MsgClaimProtocolResponse{Fees: fees.Amounts()}, modulekit.Emit(ctx, &types.EventProtocolClaimed{
		PoolId: msg.PoolId, Fees: fees.Amounts(),
	}))
}
