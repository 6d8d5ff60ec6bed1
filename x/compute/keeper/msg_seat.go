package keeper

import (
	"context"
	"errors"

	"cosmossdk.io/collections"
	errorsmod "cosmossdk.io/errors"
	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/crypto/seal"
	"github.com/alita-network/alita/internal/modulekit"
	"github.com/alita-network/alita/x/compute/types"
	datapooltypes "github.com/alita-network/alita/x/datapool/types"
)

// RegisterSeat implements types.MsgServer: it makes a validator a seat, or changes what it offers.
func (k msgServer) RegisterSeat(ctx context.Context, msg *types.MsgRegisterSeat) (*types.MsgRegisterSeatResponse, error) {
	operator, text, err := k.operator(ctx, msg.Operator)
	if err != nil {
		return nil, err
	}
	account, accountText, err := k.account("account", msg.Account)
	if err != nil {
		return nil, err
	}
	if err := types.ValidateSeatTerms(msg.Bond, msg.Fee); err != nil {
		return nil, err
	}
	if k.bankKeeper.BlockedAddr(account) {
		return nil, errorsmod.Wrapf(types.ErrBlockedPayee, "account: expected one that may receive coins, got %s", accountText)
	}
	seat, err := k.Seats.Get(ctx, operator)
	switch {
	case errors.Is(err, collections.ErrNotFound):
		seat = types.Seat{Operator: text, Bond: sdk.NewCoin(datapooltypes.BaseDenom, math.ZeroInt())}
	case err != nil:
		return nil, err
	}
	params, err := k.Params.Get(ctx)
	if err != nil {
		return nil, err
	}
	bond := seat.Bond.Add(msg.Bond)
	if bond.Amount.LT(params.MinSeatBond) {
		return nil, errorsmod.Wrapf(types.ErrInvalidSeat, "bond: expected at least %s%s together, got %s", params.MinSeatBond, bond.Denom, bond)
	}
	if err := k.claimSeatAccount(ctx, operator, account, accountText); err != nil {
		return nil, err
	}
	if msg.Bond.IsPositive() {
		if err := k.bankKeeper.SendCoins(ctx, sdk.AccAddress(operator), types.SeatBondAddress(operator), sdk.NewCoins(msg.Bond)); err != nil {
			return nil, errorsmod.Wrap(err, "bond")
		}
	}
	if seat.Account != "" && seat.Account != accountText {
		if err := k.releaseSeatAccount(ctx, seat.Account); err != nil {
			return nil, err
		}
	}
	if seat.LeavingHeight != 0 {
		if err := k.LeavingSeats.Remove(ctx, collections.Join(seat.LeavingHeight, operator)); err != nil {
			return nil, err
		}
		seat.LeavingHeight = 0
	}
	seat.Account, seat.Bond, seat.Fee, seat.Away = accountText, bond, msg.Fee, false
	if err := k.Seats.Set(ctx, operator, seat); err != nil {
		return nil, err
	}
	return modulekit.Answer(&types.MsgRegisterSeatResponse{}, modulekit.Emit(ctx, &types.EventSeatRegistered{Seat: seat}))
}

// LeaveSeat implements types.MsgServer: the seat is drawn no more, and its bond returns after the
// unbonding time. It stays in its open jobs.
func (k msgServer) LeaveSeat(ctx context.Context, msg *types.MsgLeaveSeat) (*types.MsgLeaveSeatResponse, error) {
	operator, err := k.address("operator", msg.Operator)
	if err != nil {
		return nil, err
	}
	seat, err := k.seat(ctx, operator)
	if err != nil {
		return nil, err
	}
	if seat.LeavingHeight != 0 {
		return nil, errorsmod.Wrapf(types.ErrInvalidSeat, "operator: expected a seat that does not leave, got one whose bond returns after height %d", seat.LeavingHeight)
	}
	params, err := k.Params.Get(ctx)
	if err != nil {
		return nil, err
	}
	seat.LeavingHeight = sdk.UnwrapSDKContext(ctx).BlockHeight() + int64(params.SeatUnbondBlocks)
	if err := k.LeavingSeats.Set(ctx, collections.Join(seat.LeavingHeight, []byte(operator))); err != nil {
		return nil, err
	}
	if err := k.Seats.Set(ctx, operator, seat); err != nil {
		return nil, err
	}
	return modulekit.Answer(&types.MsgLeaveSeatResponse{ReturnsHeight: seat.LeavingHeight}, modulekit.Emit(ctx, &types.EventSeatLeft{
		Operator: seat.Operator, ReturnsHeight: seat.LeavingHeight, Returned: sdk.NewCoin(seat.Bond.Denom, math.ZeroInt()),
	}))
}

// TakeSeat implements types.MsgServer: it takes the key of a seat that was drawn. A job that has the
// keys of all seats is due in this very block.
func (k msgServer) TakeSeat(ctx context.Context, msg *types.MsgTakeSeat) (*types.MsgTakeSeatResponse, error) {
	job, seat, err := k.jobSeat(ctx, msg.Account, msg.JobId, types.JOB_STATUS_SEATING)
	if err != nil {
		return nil, err
	}
	if _, err := seal.ParsePublicKey(msg.Key); err != nil {
		return nil, errorsmod.Wrapf(types.ErrInvalidSeat, "key: %s", err)
	}
	if job.Seats[seat].Status != types.SEAT_STATUS_DRAWN {
		return nil, errorsmod.Wrapf(types.ErrSeatTaken, "key: expected one of seat %d in job %s, got a second", seat, job.Id)
	}
	job.Seats[seat].Status = types.SEAT_STATUS_SEATED
	if err := k.SeatKeys.Set(ctx, collections.Join(job.Id, job.Seats[seat].Operator), msg.Key); err != nil {
		return nil, err
	}
	if err := k.storeProgress(ctx, job); err != nil {
		return nil, err
	}
	return modulekit.Answer(&types.MsgTakeSeatResponse{}, modulekit.Emit(ctx, &types.EventSeatTaken{JobId: job.Id, Seat: uint32(seat)}))
}
