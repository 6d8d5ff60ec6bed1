package keeper

import (
	"context"
	"slices"

	"cosmossdk.io/collections"
	errorsmod "cosmossdk.io/errors"

	"github.com/alita-network/alita/internal/modulekit"
	"github.com/alita-network/alita/x/datapool/types"
)

// ProposeMaker implements types.MsgServer: the role of the maker is offered to an account, which
// replaces an earlier offer, or an offer is taken back. Nothing else changes until it
// is accepted, so that a mistyped address costs nothing.
func (k msgServer) ProposeMaker(ctx context.Context, msg *types.MsgProposeMaker) (*types.MsgProposeMakerResponse, error) {
	p, maker, err := k.recordOfMaker(ctx, msg.PoolId, msg.Maker)
	if err != nil {
		return nil, err
	}
	if msg.NewMaker == "" {
		if p.PendingMaker == "" {
			return nil, errorsmod.Wrapf(types.ErrInvalidAddress, "new_maker: expected an account, or an offer of pool %d to take back, got neither", p.Id)
		}
		p.PendingMaker = ""
	} else {
		to, err := k.address("new_maker", msg.NewMaker)
		if err != nil {
			return nil, err
		}
		if err := k.checkNewMaker(ctx, p.Id, maker, to); err != nil {
			return nil, err
		}
		// The codec accepts an address in upper case too; the record has one form.
		if p.PendingMaker, err = k.addressCodec.BytesToString(to); err != nil {
			return nil, errorsmod.Wrapf(types.ErrInvalidAddress, "new_maker: expected an address, got %.80q: %s", msg.NewMaker, err)
		}
	}
	if err := k.Pools.Set(ctx, p.Id, p); err != nil {
		return nil, err
	}
	return modulekit.Answer(&types.MsgProposeMakerResponse{}, modulekit.Emit(ctx, &types.EventMakerProposed{PoolId: p.Id, Maker: p.Maker, NewMaker: p.PendingMaker}))
}

// AcceptMaker implements types.MsgServer: the account to which it is offered takes the role,
// and with it the unclaimed fees, the rest of the allotment and the locked shares.
func (k msgServer) AcceptMaker(ctx context.Context, msg *types.MsgAcceptMaker) (*types.MsgAcceptMakerResponse, error) {
	sender, err := k.address("new_maker", msg.NewMaker)
	if err != nil {
		return nil, err
	}
	p, err := k.record(ctx, msg.PoolId)
	if err != nil {
		return nil, err
	}
	if p.PendingMaker == "" {
		return nil, errorsmod.Wrapf(types.ErrNotProposed, "pool %d: expected an offer to %s, got none", p.Id, msg.NewMaker)
	}
	pending, err := k.address("pending_maker", p.PendingMaker)
	if err != nil {
		return nil, err
	}
	if !pending.Equals(sender) {
		return nil, errorsmod.Wrapf(types.ErrNotProposed, "pool %d: expected %s, got %s", p.Id, p.PendingMaker, msg.NewMaker)
	}
	maker, err := k.address("maker", p.Maker)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(p.FormerMakers, p.Maker) {
		if len(p.FormerMakers) == types.MaxFormerMakers {
			return nil, errorsmod.Wrapf(types.ErrTooLarge, "pool %d: expected at most %d former makers, got one more", p.Id, types.MaxFormerMakers)
		}
		p.FormerMakers = append(p.FormerMakers, p.Maker)
	}
	event := &types.EventMakerChanged{PoolId: p.Id, OldMaker: p.Maker, Maker: p.PendingMaker}
	p.Maker, p.PendingMaker = p.PendingMaker, ""
	if err := k.Makers.Remove(ctx, collections.Join(maker, p.Id)); err != nil {
		return nil, err
	}
	if err := k.Makers.Set(ctx, collections.Join(sender, p.Id)); err != nil {
		return nil, err
	}
	if err := k.Pools.Set(ctx, p.Id, p); err != nil {
		return nil, err
	}
	return modulekit.Answer(&types.MsgAcceptMakerResponse{}, modulekit.Emit(ctx, event))
}
