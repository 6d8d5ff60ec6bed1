package types

import (
	"google.golang.org/grpc/codes"

	errorsmod "cosmossdk.io/errors"
)

// Errors of the module. Codes 0 and 1 are reserved by ABCI and the SDK.
var (
	ErrInvalidAddress       = errorsmod.RegisterWithGRPCCode(ModuleName, 2, codes.InvalidArgument, "invalid address")
	ErrInvalidParams        = errorsmod.RegisterWithGRPCCode(ModuleName, 3, codes.InvalidArgument, "invalid parameters")
	ErrInvalidProgram       = errorsmod.RegisterWithGRPCCode(ModuleName, 4, codes.InvalidArgument, "invalid program")
	ErrInvalidCode          = errorsmod.RegisterWithGRPCCode(ModuleName, 5, codes.InvalidArgument, "code refused")
	ErrProgramExists        = errorsmod.RegisterWithGRPCCode(ModuleName, 6, codes.AlreadyExists, "program exists")
	ErrProgramNotFound      = errorsmod.RegisterWithGRPCCode(ModuleName, 7, codes.NotFound, "no such program")
	ErrInvalidJob           = errorsmod.RegisterWithGRPCCode(ModuleName, 8, codes.InvalidArgument, "invalid job")
	ErrInvalidShape         = errorsmod.RegisterWithGRPCCode(ModuleName, 9, codes.InvalidArgument, "shape does not fit the program")
	ErrInvalidCohort        = errorsmod.RegisterWithGRPCCode(ModuleName, 10, codes.InvalidArgument, "invalid cohort")
	ErrInvalidBudget        = errorsmod.RegisterWithGRPCCode(ModuleName, 11, codes.InvalidArgument, "invalid budget")
	ErrInvalidWindow        = errorsmod.RegisterWithGRPCCode(ModuleName, 12, codes.InvalidArgument, "invalid window")
	ErrInvalidReaderKey     = errorsmod.RegisterWithGRPCCode(ModuleName, 13, codes.InvalidArgument, "invalid reader key")
	ErrInvalidDelivery      = errorsmod.RegisterWithGRPCCode(ModuleName, 14, codes.InvalidArgument, "invalid delivery")
	ErrJobExists            = errorsmod.RegisterWithGRPCCode(ModuleName, 15, codes.AlreadyExists, "job exists")
	ErrJobNotFound          = errorsmod.RegisterWithGRPCCode(ModuleName, 16, codes.NotFound, "no such job")
	ErrWrongPhase           = errorsmod.RegisterWithGRPCCode(ModuleName, 17, codes.FailedPrecondition, "wrong phase of the job")
	ErrDeadline             = errorsmod.RegisterWithGRPCCode(ModuleName, 18, codes.FailedPrecondition, "deadline passed")
	ErrNotConsumer          = errorsmod.RegisterWithGRPCCode(ModuleName, 19, codes.PermissionDenied, "not the consumer of the job")
	ErrHasContributions     = errorsmod.RegisterWithGRPCCode(ModuleName, 20, codes.FailedPrecondition, "job has contributions")
	ErrInvalidAttestation   = errorsmod.RegisterWithGRPCCode(ModuleName, 21, codes.InvalidArgument, "invalid attestation")
	ErrWrongRecord          = errorsmod.RegisterWithGRPCCode(ModuleName, 22, codes.FailedPrecondition, "record does not fit the job")
	ErrWrongVersion         = errorsmod.RegisterWithGRPCCode(ModuleName, 23, codes.FailedPrecondition, "not the admitted version")
	ErrWrongRows            = errorsmod.RegisterWithGRPCCode(ModuleName, 24, codes.FailedPrecondition, "not the committed rows")
	ErrWrongOperations      = errorsmod.RegisterWithGRPCCode(ModuleName, 25, codes.FailedPrecondition, "operations differ from the cost model")
	ErrNotWorker            = errorsmod.RegisterWithGRPCCode(ModuleName, 26, codes.PermissionDenied, "neither the owner nor a worker of the owner")
	ErrAlreadyContributed   = errorsmod.RegisterWithGRPCCode(ModuleName, 27, codes.AlreadyExists, "record has contributed")
	ErrCohortFull           = errorsmod.RegisterWithGRPCCode(ModuleName, 28, codes.FailedPrecondition, "cohort is full")
	ErrBudgetExhausted      = errorsmod.RegisterWithGRPCCode(ModuleName, 29, codes.ResourceExhausted, "budget is exhausted")
	ErrContributionNotFound = errorsmod.RegisterWithGRPCCode(ModuleName, 30, codes.NotFound, "no such contribution")
	ErrDeliveryNotFound     = errorsmod.RegisterWithGRPCCode(ModuleName, 31, codes.NotFound, "no such delivery")
	ErrAlreadyDelivered     = errorsmod.RegisterWithGRPCCode(ModuleName, 32, codes.AlreadyExists, "vector is delivered")
	ErrInvalidSealedVector  = errorsmod.RegisterWithGRPCCode(ModuleName, 33, codes.InvalidArgument, "invalid sealed vector")
	ErrCommitmentMismatch   = errorsmod.RegisterWithGRPCCode(ModuleName, 34, codes.FailedPrecondition, "not the attested vector")
	ErrOverflow             = errorsmod.RegisterWithGRPCCode(ModuleName, 35, codes.OutOfRange, "number too large")
	ErrInvalidGenesis       = errorsmod.RegisterWithGRPCCode(ModuleName, 36, codes.InvalidArgument, "invalid genesis state")
	ErrInvariant            = errorsmod.RegisterWithGRPCCode(ModuleName, 37, codes.Internal, "invariant broken")
	ErrBlockedPayee         = errorsmod.RegisterWithGRPCCode(ModuleName, 38, codes.FailedPrecondition, "account cannot receive coins")
)
