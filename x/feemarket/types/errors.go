package types

import (
	"google.golang.org/grpc/codes"

	errorsmod "cosmossdk.io/errors"
)

// Errors of the feemarket module. Code 1 is reserved by the SDK.
var (
	ErrInvalidParams   = errorsmod.RegisterWithGRPCCode(ModuleName, 2, codes.InvalidArgument, "invalid parameters")
	ErrInvalidGenesis  = errorsmod.RegisterWithGRPCCode(ModuleName, 3, codes.InvalidArgument, "invalid genesis state")
	ErrFeeDenom        = errorsmod.RegisterWithGRPCCode(ModuleName, 4, codes.InvalidArgument, "fee is not in ualita")
	ErrFeeTooLow       = errorsmod.RegisterWithGRPCCode(ModuleName, 5, codes.InvalidArgument, "fee is too low")
	ErrGasLimit        = errorsmod.RegisterWithGRPCCode(ModuleName, 6, codes.InvalidArgument, "gas limit is too high")
	ErrTooManyMessages = errorsmod.RegisterWithGRPCCode(ModuleName, 7, codes.InvalidArgument, "too many messages")
)
