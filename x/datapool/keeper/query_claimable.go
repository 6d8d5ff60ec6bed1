package keeper

import (
	"context"

	"github.com/alita-network/alita/x/datapool/types"
)

// Claimable implements types.QueryServer. Each part is what its message would pay in a
// block of the present time, or zero if the message would fail with ErrNothingToClaim:
// MsgClaimMaker, MsgClaimProtocol, MsgClaimStream of the owner, and MsgSweep of the
// pool's own two coins.
func (q queryServer) Claimable(ctx context.Context, req *types.QueryClaimableRequest) (*types.QueryClaimableResponse, error) {
	p, err := q.k.Pool(ctx, req.PoolId)
	if err != nil {
		return nil, err
	}
	stream := types.NoAmounts()
	if req.Owner != "" {
		owner, err := q.k.address("owner", req.Owner)
		if err != nil {
			return nil, err
		}
		if stream, err = q.k.StreamClaimable(ctx, p.Id, owner); err != nil {
			return nil, err
		}
	}
	maker := q.k.MakerClaimable(ctx, p)
	return &types.QueryClaimableResponse{
		MakerFees:    maker.Fees,
		MakerVested:  maker.Vested.String(),
		MakerShares:  maker.Shares.String(),
		ProtocolFees: p.ProtocolFees,
		Stream:       stream,
		Stray: types.Amounts{
			Alita: q.k.stray(ctx, p, types.BaseDenom),
			Data:  q.k.stray(ctx, p, p.DataDenom),
		},
	}, nil
}
