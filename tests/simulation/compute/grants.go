package simulation

import (
	"context"

	"cosmossdk.io/math"

	"github.com/cosmos/cosmos-sdk/testutil/simsx"

	"github.com/alita-network/alita/x/compute/keeper"
	"github.com/alita-network/alita/x/compute/types"
	metadatakeeper "github.com/alita-network/alita/x/metadata/keeper"
	metadatatypes "github.com/alita-network/alita/x/metadata/types"
)

// MsgGrantFactory lets an owner name programs that are stored, for sums with noise and for single answers. Random grants of x/metadata name
// programs that nobody has.
func MsgGrantFactory(k *keeper.Keeper, records *metadatakeeper.Keeper) simsx.SimMsgFactoryFn[*metadatatypes.MsgGrant] {
	return func(ctx context.Context, data *simsx.ChainDataSource, reporter simsx.SimulationReporter) ([]simsx.SimAccount, *metadatatypes.MsgGrant) {
		var programs []string
		if err := k.Programs.Walk(ctx, nil, func(id string, _ types.Program) (bool, error) {
			programs = append(programs, id)
			return len(programs) == metadatatypes.MaxGrantPrograms, nil
		}); err != nil {
			reporter.Fail(err, "programs")
			return nil, nil
		}
		var free []metadatatypes.Record
		if err := records.Records.Walk(ctx, nil, func(_ string, r metadatatypes.Record) (bool, error) {
			// Few have that many grants, and then the message is refused.
			if r.Status == metadatatypes.RECORD_STATUS_ACTIVE && r.NextGrantId < 8 && data.HasAccount(r.Owner) {
				free = append(free, r)
			}
			return false, nil
		}); err != nil {
			reporter.Fail(err, "records")
			return nil, nil
		}
		if len(programs) == 0 || len(free) == 0 {
			reporter.Skip("no program or no record")
			return nil, nil
		}
		record := free[data.Rand().Intn(len(free))]
		return []simsx.SimAccount{data.GetAccount(reporter, record.Owner)}, &metadatatypes.MsgGrant{
			Owner: record.Owner, RecordId: record.Id, Terms: metadatatypes.GrantTerms{
				Programs: programs, IndividualResults: true, MinPricePerMop: math.ZeroInt(),
			},
		}
	}
}
