package types

import (
	"strings"

	"google.golang.org/grpc/codes"

	errorsmod "cosmossdk.io/errors"
)

// Errors of the metadata module. Code 1 is reserved by the SDK.
var (
	ErrInvalidAddress     = errorsmod.RegisterWithGRPCCode(ModuleName, 2, codes.InvalidArgument, "invalid address")
	ErrInvalidParams      = errorsmod.RegisterWithGRPCCode(ModuleName, 3, codes.InvalidArgument, "invalid parameters")
	ErrInvalidGenesis     = errorsmod.RegisterWithGRPCCode(ModuleName, 4, codes.InvalidArgument, "invalid genesis state")
	ErrInvalidWorker      = errorsmod.RegisterWithGRPCCode(ModuleName, 5, codes.InvalidArgument, "invalid worker")
	ErrWorkerExists       = errorsmod.RegisterWithGRPCCode(ModuleName, 6, codes.AlreadyExists, "worker is already registered")
	ErrWorkerNotFound     = errorsmod.RegisterWithGRPCCode(ModuleName, 7, codes.NotFound, "worker not found")
	ErrTooManyWorkers     = errorsmod.RegisterWithGRPCCode(ModuleName, 8, codes.ResourceExhausted, "too many workers")
	ErrInvalidSalt        = errorsmod.RegisterWithGRPCCode(ModuleName, 9, codes.InvalidArgument, "invalid salt")
	ErrRecordExists       = errorsmod.RegisterWithGRPCCode(ModuleName, 10, codes.AlreadyExists, "record already exists")
	ErrRecordNotFound     = errorsmod.RegisterWithGRPCCode(ModuleName, 11, codes.NotFound, "record not found")
	ErrRecordRetired      = errorsmod.RegisterWithGRPCCode(ModuleName, 12, codes.FailedPrecondition, "record is retired")
	ErrRecordPending      = errorsmod.RegisterWithGRPCCode(ModuleName, 13, codes.FailedPrecondition, "record has no admitted version")
	ErrVersionNotFound    = errorsmod.RegisterWithGRPCCode(ModuleName, 14, codes.NotFound, "version not found")
	ErrInvalidVersion     = errorsmod.RegisterWithGRPCCode(ModuleName, 15, codes.InvalidArgument, "invalid version")
	ErrTooManyVersions    = errorsmod.RegisterWithGRPCCode(ModuleName, 16, codes.ResourceExhausted, "too many versions")
	ErrVersionStatus      = errorsmod.RegisterWithGRPCCode(ModuleName, 17, codes.FailedPrecondition, "version is not waiting for review")
	ErrNotOwner           = errorsmod.RegisterWithGRPCCode(ModuleName, 18, codes.PermissionDenied, "not the owner")
	ErrNotMaker           = errorsmod.RegisterWithGRPCCode(ModuleName, 19, codes.PermissionDenied, "not the maker of the pool")
	ErrPoolNotFound       = errorsmod.RegisterWithGRPCCode(ModuleName, 20, codes.NotFound, "pool not found")
	ErrRequirements       = errorsmod.RegisterWithGRPCCode(ModuleName, 21, codes.FailedPrecondition, "the pool's requirements are not met")
	ErrInvalidReason      = errorsmod.RegisterWithGRPCCode(ModuleName, 22, codes.InvalidArgument, "invalid reason")
	ErrInvalidName        = errorsmod.RegisterWithGRPCCode(ModuleName, 23, codes.InvalidArgument, "invalid name")
	ErrInvalidDescription = errorsmod.RegisterWithGRPCCode(ModuleName, 24, codes.InvalidArgument, "invalid description")
	ErrInvalidLicense     = errorsmod.RegisterWithGRPCCode(ModuleName, 25, codes.InvalidArgument, "invalid licence")
	ErrInvalidCreator     = errorsmod.RegisterWithGRPCCode(ModuleName, 26, codes.InvalidArgument, "invalid creator or publisher")
	ErrInvalidColumns     = errorsmod.RegisterWithGRPCCode(ModuleName, 27, codes.InvalidArgument, "invalid columns")
	ErrInvalidFiles       = errorsmod.RegisterWithGRPCCode(ModuleName, 28, codes.InvalidArgument, "invalid files")
	ErrInvalidLineage     = errorsmod.RegisterWithGRPCCode(ModuleName, 29, codes.InvalidArgument, "invalid lineage")
	ErrInvalidDataset     = errorsmod.RegisterWithGRPCCode(ModuleName, 30, codes.InvalidArgument, "invalid dataset")
	ErrDatasetTooLarge    = errorsmod.RegisterWithGRPCCode(ModuleName, 31, codes.InvalidArgument, "dataset is too large")
	ErrInvalidCommitment  = errorsmod.RegisterWithGRPCCode(ModuleName, 32, codes.InvalidArgument, "invalid row commitment")
	ErrInvalidDocument    = errorsmod.RegisterWithGRPCCode(ModuleName, 33, codes.InvalidArgument, "invalid document hash")
	ErrNotSealed          = errorsmod.RegisterWithGRPCCode(ModuleName, 34, codes.InvalidArgument, "location is not sealed")
	ErrNotRecipient       = errorsmod.RegisterWithGRPCCode(ModuleName, 35, codes.InvalidArgument, "location is sealed to a key that is none of the owner's workers")
	ErrInvalidGrant       = errorsmod.RegisterWithGRPCCode(ModuleName, 36, codes.InvalidArgument, "invalid grant")
	ErrGrantNotFound      = errorsmod.RegisterWithGRPCCode(ModuleName, 37, codes.NotFound, "grant not found")
	ErrTooManyGrants      = errorsmod.RegisterWithGRPCCode(ModuleName, 38, codes.ResourceExhausted, "too many grants")
	ErrNotGranted         = errorsmod.RegisterWithGRPCCode(ModuleName, 39, codes.PermissionDenied, "no grant allows it")
	ErrPrivacyBudget      = errorsmod.RegisterWithGRPCCode(ModuleName, 40, codes.ResourceExhausted, "privacy budget is spent")
	ErrInvalidPanel       = errorsmod.RegisterWithGRPCCode(ModuleName, 50, codes.InvalidArgument, "invalid panel")
	ErrPanelNotFound      = errorsmod.RegisterWithGRPCCode(ModuleName, 51, codes.NotFound, "panel not found")
	ErrPanelExists        = errorsmod.RegisterWithGRPCCode(ModuleName, 52, codes.AlreadyExists, "panel already exists")
	ErrPanelStatus        = errorsmod.RegisterWithGRPCCode(ModuleName, 53, codes.FailedPrecondition, "wrong state of the panel")
	ErrNotMember          = errorsmod.RegisterWithGRPCCode(ModuleName, 54, codes.PermissionDenied, "not a member of the panel")
	ErrInPanel            = errorsmod.RegisterWithGRPCCode(ModuleName, 55, codes.FailedPrecondition, "record is or was in a panel")
	ErrContentUsed        = errorsmod.RegisterWithGRPCCode(ModuleName, 56, codes.FailedPrecondition, "content has given exact answers already")
	ErrInvariant          = errorsmod.RegisterWithGRPCCode(ModuleName, 41, codes.Internal, "invariant broken")
)

// causeOf is the typed error for a finding at a path.
func causeOf(path string) error {
	field, _, _ := strings.Cut(strings.TrimPrefix(path, "$."), "[")
	field, _, _ = strings.Cut(field, ".")
	switch field {
	case "names":
		return ErrInvalidName
	case "descriptions":
		return ErrInvalidDescription
	case "license":
		return ErrInvalidLicense
	case "creators", "publisher":
		return ErrInvalidCreator
	case "columns":
		return ErrInvalidColumns
	case "files":
		return ErrInvalidFiles
	case "is_based_on":
		return ErrInvalidLineage
	}
	return ErrInvalidDataset
}

func wrapCause(cause error, text string) error { return errorsmod.Wrap(cause, text) }
