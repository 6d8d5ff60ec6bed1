package keeper

import (
	"context"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"cosmossdk.io/math"

	"github.com/alita-network/alita/x/compute/types"
	metadatatypes "github.com/alita-network/alita/x/metadata/types"
)

// QuoteJob implements types.QueryServer: what a job costs if every active record
// of the pool contributes.
func (q queryServer) QuoteJob(ctx context.Context, req *types.QueryQuoteJobRequest) (*types.QueryQuoteJobResponse, error) {
	if req == nil {
		return nil, errEmptyRequest
	}
	price, ok := math.NewIntFromString(req.PricePerMop)
	if !ok || !price.IsPositive() || price.BigIntMut().BitLen() > types.MaxAmountBits {
		return nil, status.Errorf(codes.InvalidArgument, "price_per_mop %.80q: expected a whole number of ualita, at least 1", req.PricePerMop)
	}
	if _, err := q.datapoolKeeper.Pool(ctx, req.PoolId); err != nil {
		return nil, err
	}
	program, err := q.Keeper.Program(ctx, req.ProgramId)
	if err != nil {
		return nil, err
	}
	if err := program.Shape.Check(req.Columns, req.Length); err != nil {
		return nil, err
	}
	dataPerAlita, err := q.datapoolKeeper.DataPerAlita(ctx, req.PoolId)
	if err != nil {
		return nil, err
	}
	total := types.ZeroFunds()
	res := &types.QueryQuoteJobResponse{}
	err = q.metadataKeeper.WalkActive(ctx, req.PoolId, func(_ string, c metadatatypes.Contributable) (bool, error) {
		operations, err := program.Cost.Operations(c.Rows, req.Columns, req.Length)
		if err != nil {
			return true, err
		}
		fee, err := types.Fees(operations, price, dataPerAlita)
		if err != nil {
			return true, err
		}
		if res.Operations+operations < res.Operations || res.Rows+c.Rows < res.Rows {
			return true, types.ErrOverflow.Wrap("the pool's records: expected fewer than 2^64 rows and operations")
		}
		res.Records++
		res.Rows += c.Rows
		res.Operations += operations
		total = total.Add(fee)
		return false, nil
	})
	if err != nil {
		return nil, err
	}
	res.FeeAlita, res.FeeData = total.Alita, total.Data
	return res, nil
}
