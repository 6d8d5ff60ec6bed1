package keeper

import (
	"context"
	"errors"

	"cosmossdk.io/collections"
	errorsmod "cosmossdk.io/errors"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/x/compute/types"
)

// Program returns a program without its code, or ErrProgramNotFound.
func (k *Keeper) Program(ctx context.Context, id string) (types.Program, error) {
	if err := types.ValidateProgramID(id); err != nil {
		return types.Program{}, err
	}
	program, err := k.Programs.Get(ctx, id)
	if errors.Is(err, collections.ErrNotFound) {
		return types.Program{}, errorsmod.Wrapf(types.ErrProgramNotFound, "program_id: expected a stored program, which the query Programs lists, got %s", id)
	}
	return program, err
}

// Contribution returns the contribution of a record to a job, or ErrContributionNotFound.
func (k *Keeper) Contribution(ctx context.Context, jobID, recordID string) (types.Contribution, error) {
	c, err := k.Contributions.Get(ctx, collections.Join(jobID, recordID))
	if errors.Is(err, collections.ErrNotFound) {
		return types.Contribution{}, errorsmod.Wrapf(types.ErrContributionNotFound, "record_id: expected a record that has contributed to job %.80q, which the query Contributions lists, got %.80q", jobID, recordID)
	}
	return c, err
}

// address reads an account's address, naming the field in the error.
func (k *Keeper) address(field, text string) (sdk.AccAddress, error) {
	bz, err := k.addressCodec.StringToBytes(text)
	if err != nil {
		return nil, errorsmod.Wrapf(types.ErrInvalidAddress, "%s: expected the address of an account, got %.80q (%s)", field, text, err)
	}
	return bz, nil
}

// account reads an account's address like address, and returns the spelling that the state uses, too.
func (k *Keeper) account(field, text string) (sdk.AccAddress, string, error) {
	bz, err := k.address(field, text)
	if err != nil {
		return nil, "", err
	}
	canonical, err := k.addressCodec.BytesToString(bz)
	return bz, canonical, err
}
