package types

import (
	"context"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"
	stakingtypes "github.com/cosmos/cosmos-sdk/x/staking/types"

	datapooltypes "github.com/alita-network/alita/x/datapool/types"
	metadatatypes "github.com/alita-network/alita/x/metadata/types"
)

// AccountKeeper has the methods of x/auth that the module needs.
type AccountKeeper interface {
	GetModuleAddress(name string) sdk.AccAddress
}

// BankKeeper has the methods of x/bank that the module needs.
type BankKeeper interface {
	SendCoins(ctx context.Context, from, to sdk.AccAddress, amount sdk.Coins) error
	SendCoinsFromAccountToModule(ctx context.Context, from sdk.AccAddress, module string, amount sdk.Coins) error
	BurnCoins(ctx context.Context, module string, amount sdk.Coins) error
	SpendableCoin(ctx context.Context, address sdk.AccAddress, denom string) sdk.Coin
	BlockedAddr(address sdk.AccAddress) bool
}

// StakingKeeper has the methods of x/staking that the module needs.
type StakingKeeper interface {
	// GetValidator returns the validator of an operator, or stakingtypes.ErrNoValidatorFound.
	GetValidator(ctx context.Context, operator sdk.ValAddress) (stakingtypes.Validator, error)
	// IterateBondedValidatorsByPower calls fn for each bonded validator, the strongest first.
	IterateBondedValidatorsByPower(ctx context.Context, fn func(index int64, v stakingtypes.ValidatorI) (stop bool)) error
}

// MetadataKeeper has the methods of x/metadata that the module needs.
type MetadataKeeper interface {
	// Contributable returns the admitted version of an active record.
	Contributable(ctx context.Context, recordID string) (metadatatypes.Contributable, error)
	// IsWorkerOf reports whether owner has registered worker.
	IsWorkerOf(ctx context.Context, owner, worker sdk.AccAddress) (bool, error)
	// Reserve sets aside a use of the first grant of the record that allows the request, and a part of its privacy budget.
	Reserve(ctx context.Context, recordID string, req metadatatypes.GrantRequest) (grantID uint64, err error)
	// Charge makes a reservation a use of the grant and a loss of the budget, whatever has become of record and grant.
	Charge(ctx context.Context, r metadatatypes.Reservation, consumer sdk.AccAddress, programID string) error
	// Release gives a reservation back.
	Release(ctx context.Context, r metadatatypes.Reservation) error
	// WalkReserved calls fn with what is set aside of each record (grantID 0) and of each grant, if anything; it is for invariants.
	WalkReserved(ctx context.Context, fn func(recordID string, grantID, reserved uint64) error) error
	// Panel is a panel without its members, or an error that says that there is none.
	Panel(ctx context.Context, id string) (metadatatypes.Panel, error)
	// WalkPanels calls fn with every panel; it is for invariants.
	WalkPanels(ctx context.Context, fn func(metadatatypes.Panel) (stop bool, err error)) error
	// WalkPanel calls fn with each member's content in the present edition of a panel.
	WalkPanel(ctx context.Context, id string, fn func(recordID string, c metadatatypes.Contributable) error) error
	// PanelContributable is a record's content in the present edition of its panel, which is one of those named.
	PanelContributable(ctx context.Context, panels []string, recordID string) (metadatatypes.Contributable, error)
	// BeginPanelJob and EndPanelJob count the jobs that run over a panel: an edition waits for them.
	BeginPanelJob(ctx context.Context, id string) error
	EndPanelJob(ctx context.Context, id string) error
	// OpenPanelSlots counts slots of an exact answer over a panel's edition, or says that so many are not left.
	OpenPanelSlots(ctx context.Context, id string, slots uint64) error
	// CheckOutside refuses an answer outside of panels to a record or content that is or was in one.
	CheckOutside(ctx context.Context, recordID string, c metadatatypes.Contributable, direct bool) error
	// NoteDelivered notes that a content is delivered directly.
	NoteDelivered(ctx context.Context, c metadatatypes.Contributable) error
	// PoolTotals returns what the active records of a pool add up to.
	PoolTotals(ctx context.Context, poolID uint64) (metadatatypes.PoolTotals, error)
}

// DatapoolKeeper has the methods of x/datapool that the module needs.
type DatapoolKeeper interface {
	// Pool returns a pool, or an error if there is none.
	Pool(ctx context.Context, id uint64) (datapooltypes.Pool, error)
	// DataPerAlita returns the price of the data fee: Data Token units per ualita times 2^64, the most of three means.
	DataPerAlita(ctx context.Context, poolID uint64) (math.Int, error)
	// DataPerAlitaMeans returns these means, the shortest window first.
	DataPerAlitaMeans(ctx context.Context, poolID uint64) ([]math.Int, error)
	// MatchContribution pays the owner of an active record a part of the ualita that its payer lost to others by a paid
	// contribution, in Data Tokens, and returns what was paid.
	MatchContribution(ctx context.Context, poolID uint64, recordID string, owner sdk.AccAddress, lost math.Int) (math.Int, error)
}
