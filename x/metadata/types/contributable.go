package types

import (
	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"
)

// Contributable is an active record with its admitted version, as a computation sees it.
type Contributable struct {
	// Owner is who is paid.
	Owner sdk.AccAddress
	// PoolID is the pool that lists the record.
	PoolID uint64
	// Version is the admitted SemVer version.
	Version string
	// Rows is the committed number of rows.
	Rows uint64
	// RowRoot is the Merkle root over the salted rows; 32 bytes.
	RowRoot []byte
	// Columns are the names of the columns, in the order of the data.
	Columns []string
	// PanelID is the panel that the record is in, or was in; empty if it was in none.
	PanelID string
}

// GrantRequest is a computation's request, which one of the record's grants has to allow.
type GrantRequest struct {
	// Consumer is the account that pays.
	Consumer sdk.AccAddress
	// ProgramID is the hash of the program, 64 hexadecimal characters.
	ProgramID string
	// Purpose is the declared purpose; may be empty.
	Purpose string
	// PricePerMop is the price for a million operations, in ualita.
	PricePerMop math.Int
	// MinCohort is the smallest number of owners of the job.
	MinCohort uint32
	// Individual says that the payer reads the record's own result.
	Individual bool
	// MicroRho is charged to the record's privacy budget, in millionths of rho.
	MicroRho uint64
	// DataPerMop is the data fee for a million operations, in Data Token units.
	DataPerMop math.Int
}
