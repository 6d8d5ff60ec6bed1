package terms

import (
	"fmt"
	"slices"
	"time"

	"cosmossdk.io/math"

	"github.com/alita-network/alita/terms/text"
)

// GrantTerms state what an owner allows: sums with noise, and results of one's own if they say so. Exact sums are over panels, whose terms allow
// them.
type GrantTerms struct {
	Grantee           string
	Programs          []string
	AnyProgram        bool
	Purposes          []string
	MaxUses           uint64
	MinPricePerMop    math.Int
	MinCohort         uint32
	IndividualResults bool
	NotBefore         *time.Time
	NotAfter          *time.Time
	MinDataFee        math.Int
}

// GrantRequest states what a computation asks of an owner's grants. It is a sum with noise, or direct delivery.
type GrantRequest struct {
	Consumer    string   // the account that pays
	ProgramID   string   // 64 hexadecimal characters
	Purpose     string   // the declared purpose; may be empty
	PricePerMop math.Int // for a million operations, in ualita
	MinCohort   uint32   // smallest number of owners of the job
	Individual  bool     // the payer reads the record's own result
	DataPerMop  math.Int // for a million operations, in Data Token units, rounded down
}

// Lacks says why terms that were used uses times do not allow the request at a time, or "" if they allow it.
// Everything that the terms do not allow is denied.
func (t GrantTerms) Lacks(req GrantRequest, uses uint64, now time.Time) string {
	switch {
	case t.NotBefore != nil && now.Before(*t.NotBefore):
		return fmt.Sprintf("begins at %s", text.Timestamp(*t.NotBefore))
	case t.NotAfter != nil && now.After(*t.NotAfter):
		return fmt.Sprintf("ended at %s", text.Timestamp(*t.NotAfter))
	case t.MaxUses > 0 && uses >= t.MaxUses:
		return fmt.Sprintf("used up (%d of %d uses)", uses, t.MaxUses)
	case t.Grantee != "" && t.Grantee != req.Consumer:
		return fmt.Sprintf("is for %s only", t.Grantee)
	case !t.AnyProgram && !slices.Contains(t.Programs, req.ProgramID):
		return "does not list the program"
	case t.AnyProgram && req.Individual:
		return "allows any program, and so only sums with noise"
	case len(t.Purposes) > 0 && !slices.Contains(t.Purposes, req.Purpose):
		return fmt.Sprintf("does not list the purpose %s", text.Quote(req.Purpose))
	case !t.MinPricePerMop.IsNil() && t.MinPricePerMop.IsPositive() && (req.PricePerMop.IsNil() || req.PricePerMop.LT(t.MinPricePerMop)):
		return fmt.Sprintf("asks at least %s ualita for a million operations", t.MinPricePerMop)
	case !t.MinDataFee.IsNil() && t.MinDataFee.IsPositive() && (req.DataPerMop.IsNil() || req.DataPerMop.LT(t.MinDataFee)):
		return fmt.Sprintf("asks at least %s units of the Data Token for a million operations", t.MinDataFee)
	case req.MinCohort < t.MinCohort:
		return fmt.Sprintf("asks a cohort of at least %d", t.MinCohort)
	case req.Individual && !t.IndividualResults:
		return "does not allow individual results"
	}
	return ""
}
