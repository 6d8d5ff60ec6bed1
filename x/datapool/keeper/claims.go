package keeper

import (
	"context"

	errorsmod "cosmossdk.io/errors"
	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/x/datapool/types"
)

// MakerClaimable returns what MsgClaimMaker would pay the maker of a whole pool now: its
// swap fees, the free part of the allotment and, after the lock, the first shares.
// Message and query both come this way.
func (k *Keeper) MakerClaimable(ctx context.Context, p types.Pool) types.MsgClaimMakerResponse {
	now := sdk.UnwrapSDKContext(ctx).BlockTime()
	claim := types.MsgClaimMakerResponse{
		Fees: p.MakerFees, Vested: p.Vesting.Vested(now).Sub(p.Vesting.Claimed), Shares: math.ZeroInt(),
	}
	if !now.Before(p.LockedShares.Until) {
		claim.Shares = p.LockedShares.Amount
	}
	return claim
}

// ClaimMaker executes a message.
func (k *Keeper) ClaimMaker(ctx context.Context, msg *types.MsgClaimMaker) (*types.MsgClaimMakerResponse, error) {
	p, maker, err := k.recordOfMaker(ctx, msg.PoolId, msg.Maker)
	if err != nil {
		return nil, err
	}
	m, err := k.market(ctx, msg.PoolId)
	if err != nil {
		return nil, err
	}
	claim := k.MakerClaimable(ctx, types.JoinPool(p, m, types.StreamState{}))
	pay := m.MakerFees.Coins(p.Id)
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
		return nil, errorsmod.Wrapf(types.ErrNothingToClaim, "pool %d: expected swap fees, a vested part or unlocked shares", p.Id)
	}
	if err := k.bankKeeper.SendCoins(ctx, types.PoolAddress(p.Id), maker, pay); err != nil {
		return nil, err
	}
	if err := k.Markets.Set(ctx, p.Id, m); err != nil {
		return nil, err
	}
	// The record carries the description: it is written only where it has changed.
	if vested || shares {
		if err := k.Pools.Set(ctx, p.Id, p); err != nil {
			return nil, err
		}
	}
	return &claim, emit(ctx, &types.EventMakerClaimed{
		PoolId: p.Id, Maker: p.Maker, Fees: claim.Fees, Vested: claim.Vested.String(), Shares: claim.Shares.String(),
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
