package keeper

import (
	"context"

	errorsmod "cosmossdk.io/errors"
	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/x/datapool/types"
)

// ClaimMaker executes a message: the maker's swap fees, the free part of the
// allotment and, after the lock, the first shares.
func (k *Keeper) ClaimMaker(ctx context.Context, msg *types.MsgClaimMaker) (*types.MsgClaimMakerResponse, error) {
	maker, err := k.account("maker", msg.Maker)
	if err != nil {
		return nil, err
	}
	p, err := k.record(ctx, msg.PoolId)
	if err != nil {
		return nil, err
	}
	if owner, err := k.account("maker", p.Maker); err != nil {
		return nil, err
	} else if !owner.Equals(maker) {
		return nil, errorsmod.Wrapf(types.ErrNotMaker, "pool %d: expected %s, got %s", p.Id, p.Maker, msg.Maker)
	}
	m, err := k.market(ctx, msg.PoolId)
	if err != nil {
		return nil, err
	}
	now := sdk.UnwrapSDKContext(ctx).BlockTime()
	fees := m.MakerFees
	vested := p.Vesting.Vested(now).Sub(p.Vesting.Claimed)
	shares := math.ZeroInt()
	if !now.Before(p.LockedShares.Until) {
		shares = p.LockedShares.Amount
	}
	if fees.IsZero() && !vested.IsPositive() && !shares.IsPositive() {
		return nil, errorsmod.Wrapf(types.ErrNothingToClaim, "pool %d: expected swap fees, a vested part or unlocked shares", p.Id)
	}
	pay := fees.Coins(p.Id)
	if vested.IsPositive() {
		pay = pay.Add(sdk.NewCoin(p.DataDenom, vested))
		p.Vesting.Claimed = p.Vesting.Claimed.Add(vested)
	}
	if shares.IsPositive() {
		pay = pay.Add(sdk.NewCoin(p.ShareDenom, shares))
		p.LockedShares.Amount = math.ZeroInt()
	}
	if err := k.bankKeeper.SendCoins(ctx, types.PoolAddress(p.Id), maker, pay); err != nil {
		return nil, err
	}
	m.MakerFees = types.Pair{}
	if err := k.Markets.Set(ctx, p.Id, m); err != nil {
		return nil, err
	}
	// The record carries the description: it is written only where it has changed.
	if vested.IsPositive() || shares.IsPositive() {
		if err := k.Pools.Set(ctx, p.Id, p); err != nil {
			return nil, err
		}
	}
	return &types.MsgClaimMakerResponse{Fees: fees.Amounts(), Vested: vested, Shares: shares}, emit(ctx, &types.EventMakerClaimed{
		PoolId: p.Id, Maker: p.Maker, Fees: fees.Amounts(), Vested: vested.String(), Shares: shares.String(),
	})
}

// ClaimProtocol executes a message: the protocol's swap fees go to the community
// pool, whoever asks.
func (k *Keeper) ClaimProtocol(ctx context.Context, msg *types.MsgClaimProtocol) (*types.MsgClaimProtocolResponse, error) {
	if _, err := k.account("sender", msg.Sender); err != nil {
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
	if err := k.distrKeeper.FundCommunityPool(ctx, fees.Coins(msg.PoolId), types.PoolAddress(msg.PoolId)); err != nil {
		return nil, err
	}
	m.ProtocolFees = types.Pair{}
	if err := k.Markets.Set(ctx, msg.PoolId, m); err != nil {
		return nil, err
	}
	return &types.MsgClaimProtocolResponse{Fees: fees.Amounts()}, emit(ctx, &types.EventProtocolClaimed{
		PoolId: msg.PoolId, Fees: fees.Amounts(),
	})
}
