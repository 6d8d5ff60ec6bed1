package keeper

import (
	"context"

	errorsmod "cosmossdk.io/errors"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/internal/modulekit"
	"github.com/alita-network/alita/metering"
	"github.com/alita-network/alita/terms"
	"github.com/alita-network/alita/x/compute/types"
)

// CheckGasPerByte is the gas that the static checks of a byte of code cost, on top of storing it.
const CheckGasPerByte = 5

// StoreProgram implements types.MsgServer: it checks a program and stores it under the hash of its
// code.
func (k msgServer) StoreProgram(ctx context.Context, msg *types.MsgStoreProgram) (*types.MsgStoreProgramResponse, error) {
	_, author, err := k.account("author", msg.Author)
	if err != nil {
		return nil, err
	}
	params, err := k.Params.Get(ctx)
	if err != nil {
		return nil, err
	}
	if n := len(msg.Code); n == 0 || uint64(n) > uint64(params.MaxCodeBytes) {
		return nil, errorsmod.Wrapf(types.ErrInvalidCode, "code: expected 1 to %d bytes, got %d", params.MaxCodeBytes, n)
	}
	sdkCtx := sdk.UnwrapSDKContext(ctx)
	program := types.Program{
		Id:              terms.ProgramID(msg.Code),
		Author:          author,
		Name:            msg.Name,
		Description:     msg.Description,
		Kind:            msg.Kind,
		Bits:            msg.Bits,
		Shape:           msg.Shape,
		Cost:            msg.Cost,
		CodeSize:        uint32(len(msg.Code)),
		MeteringVersion: metering.MeteringVersion,
		StoredAt:        sdkCtx.BlockTime(),
	}
	if err := program.Validate(params); err != nil {
		return nil, err
	}
	found, err := k.Programs.Has(ctx, program.Id)
	if err != nil {
		return nil, err
	}
	if found {
		return nil, errorsmod.Wrapf(types.ErrProgramExists, "code: expected code that is not stored, got program %s; jobs can use it as it is", program.Id)
	}
	sdkCtx.GasMeter().ConsumeGas(uint64(len(msg.Code))*CheckGasPerByte, "check of a program")
	form, err := metering.Inspect(msg.Code, metering.LimitsOf(int(params.MaxCodeBytes)))
	if err != nil {
		return nil, errorsmod.Wrapf(types.ErrInvalidCode, "code: %s", err)
	}
	if form != nil {
		program.Row = true
		if err := program.ValidateRow(*form, params); err != nil {
			return nil, err
		}
	}

	if err := k.Programs.Set(ctx, program.Id, program); err != nil {
		return nil, err
	}
	if err := k.Code.Set(ctx, program.Id, msg.Code); err != nil {
		return nil, err
	}
	return modulekit.Answer(&types.MsgStoreProgramResponse{ProgramId: program.Id}, modulekit.Emit(ctx, &types.EventProgramStored{ProgramId: program.Id, Author: author, Name: msg.Name}))
}
