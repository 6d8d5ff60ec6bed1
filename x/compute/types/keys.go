// Package types holds the messages, the state and the arithmetic of the compute module.
package types

import (
	"cosmossdk.io/collections"

	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/types/address"
)

const (
	// ModuleName names the module and derives the accounts of its escrows.
	ModuleName = "compute"
	// StoreKey is the name of the module's store.
	StoreKey = ModuleName
)

// Prefixes of the store.
var (
	ParamsPrefix        = collections.NewPrefix(0)
	ProgramsPrefix      = collections.NewPrefix(1)
	CodePrefix          = collections.NewPrefix(2)
	JobProgressPrefix   = collections.NewPrefix(3)
	JobsByPoolPrefix    = collections.NewPrefix(4)
	JobsByStatusPrefix  = collections.NewPrefix(5)
	JobsByPayerPrefix   = collections.NewPrefix(6)
	ContributionsPrefix = collections.NewPrefix(7)
	DeliveriesPrefix    = collections.NewPrefix(8)
	OwnersPrefix        = collections.NewPrefix(9)
	UnsettledPrefix     = collections.NewPrefix(10)
	QueuePrefix         = collections.NewPrefix(11)
	SeatsPrefix         = collections.NewPrefix(12)
	SeatAccountsPrefix  = collections.NewPrefix(13)
	SeatJobsPrefix      = collections.NewPrefix(14)
	LeavingSeatsPrefix  = collections.NewPrefix(15)
	SharesPrefix        = collections.NewPrefix(16)
	PreparedPrefix      = collections.NewPrefix(17)
	MessagesPrefix      = collections.NewPrefix(18)
	SumsPrefix          = collections.NewPrefix(19)
	RoundsPrefix        = collections.NewPrefix(20)
	RoundOwnersPrefix   = collections.NewPrefix(21)
	SeatKeysPrefix      = collections.NewPrefix(22)
	JobTermsPrefix      = collections.NewPrefix(25)
	JobQuestionsPrefix  = collections.NewPrefix(26)
	JobSeatsPrefix      = collections.NewPrefix(27)
	SeatTimesPrefix     = collections.NewPrefix(28)
	PanelAnswersPrefix  = collections.NewPrefix(29)
	OwnerRowsPrefix     = collections.NewPrefix(30)
	OwnerFeesPrefix     = collections.NewPrefix(31)
	LaneUntilPrefix     = collections.NewPrefix(32)
)

// SeatBondAddress is the account that holds the bond of a seat. No key opens it,
// and each seat has its own.
func SeatBondAddress(operator []byte) sdk.AccAddress {
	return address.Module(ModuleName, []byte("seat"), operator)
}

// EscrowAddress is the account that holds a job's budget. No key opens it, and
// each job has its own, so that jobs share no balance.
func EscrowAddress(jobID string) sdk.AccAddress {
	return address.Module(ModuleName, []byte(jobID))
}
