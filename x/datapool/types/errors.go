package types

import (
	"google.golang.org/grpc/codes"

	errorsmod "cosmossdk.io/errors"
)

// Errors of the module. Each is wrapped with what was wrong and what would be right.
var (
	ErrPoolNotFound    = errorsmod.RegisterWithGRPCCode(ModuleName, 2, codes.NotFound, "pool not found")
	ErrInvalidAddress  = errorsmod.RegisterWithGRPCCode(ModuleName, 3, codes.InvalidArgument, "invalid address")
	ErrInvalidAmount   = errorsmod.RegisterWithGRPCCode(ModuleName, 4, codes.InvalidArgument, "invalid amount")
	ErrInvalidDenom    = errorsmod.RegisterWithGRPCCode(ModuleName, 5, codes.InvalidArgument, "invalid denom")
	ErrInvalidBound    = errorsmod.RegisterWithGRPCCode(ModuleName, 6, codes.InvalidArgument, "invalid bound")
	ErrDeadline        = errorsmod.RegisterWithGRPCCode(ModuleName, 7, codes.InvalidArgument, "deadline missing or past")
	ErrSlippage        = errorsmod.RegisterWithGRPCCode(ModuleName, 8, codes.FailedPrecondition, "price moved beyond the bound")
	ErrTooLarge        = errorsmod.RegisterWithGRPCCode(ModuleName, 9, codes.OutOfRange, "amount too large for the pool")
	ErrDust            = errorsmod.RegisterWithGRPCCode(ModuleName, 10, codes.InvalidArgument, "amount too small to return anything")
	ErrDrained         = errorsmod.RegisterWithGRPCCode(ModuleName, 11, codes.FailedPrecondition, "pool does not hold that much")
	ErrInvalidSymbol   = errorsmod.RegisterWithGRPCCode(ModuleName, 12, codes.InvalidArgument, "invalid symbol")
	ErrSymbolTaken     = errorsmod.RegisterWithGRPCCode(ModuleName, 13, codes.AlreadyExists, "symbol taken")
	ErrInvalidText     = errorsmod.RegisterWithGRPCCode(ModuleName, 14, codes.InvalidArgument, "invalid text")
	ErrInvalidFees     = errorsmod.RegisterWithGRPCCode(ModuleName, 15, codes.InvalidArgument, "invalid fees")
	ErrInvalidRequired = errorsmod.RegisterWithGRPCCode(ModuleName, 16, codes.InvalidArgument, "invalid requirements")
	ErrInvalidSupply   = errorsmod.RegisterWithGRPCCode(ModuleName, 17, codes.InvalidArgument, "invalid supply")
	ErrLiquidityTooLow = errorsmod.RegisterWithGRPCCode(ModuleName, 18, codes.InvalidArgument, "first liquidity too low")
	ErrInvalidDuration = errorsmod.RegisterWithGRPCCode(ModuleName, 19, codes.InvalidArgument, "invalid duration")
	ErrNotMaker        = errorsmod.RegisterWithGRPCCode(ModuleName, 20, codes.PermissionDenied, "not the maker of the pool")
	ErrNothingToClaim  = errorsmod.RegisterWithGRPCCode(ModuleName, 21, codes.FailedPrecondition, "nothing to claim")
	ErrNoPrice         = errorsmod.RegisterWithGRPCCode(ModuleName, 22, codes.FailedPrecondition, "no average price yet")
	ErrInvalidParams   = errorsmod.RegisterWithGRPCCode(ModuleName, 23, codes.InvalidArgument, "invalid parameters")
	ErrInvariant       = errorsmod.RegisterWithGRPCCode(ModuleName, 24, codes.Internal, "invariant broken")
	ErrInvalidGenesis  = errorsmod.RegisterWithGRPCCode(ModuleName, 25, codes.InvalidArgument, "invalid genesis")
	ErrInvalidState    = errorsmod.RegisterWithGRPCCode(ModuleName, 26, codes.DataLoss, "invalid record in the store")
	ErrPaused          = errorsmod.RegisterWithGRPCCode(ModuleName, 27, codes.FailedPrecondition, "pool paused")
	ErrInvalidReward   = errorsmod.RegisterWithGRPCCode(ModuleName, 28, codes.InvalidArgument, "invalid rewards")
	ErrNotProposed     = errorsmod.RegisterWithGRPCCode(ModuleName, 29, codes.PermissionDenied, "role of the maker not offered to this account")
	ErrUnauthorized    = errorsmod.RegisterWithGRPCCode(ModuleName, 30, codes.PermissionDenied, "not the authority")
	ErrSameToken       = errorsmod.RegisterWithGRPCCode(ModuleName, 31, codes.InvalidArgument, "route begins and ends with the same token")
)
