package keeper

import (
	"context"

	"cosmossdk.io/math"

	"github.com/alita-network/alita/x/datapool/types"
)

// Claimable implements types.QueryServer. Each part is what its message would pay in a
// block of the present time, or zero if the message would fail with ErrNothingToClaim:
// MsgClaimMaker, MsgClaimProtocol, MsgClaimRewards of the owner, and MsgSweep of the
// pool's own two coins.
func (q queryServer) Claimable(ctx context.Context, req *types.QueryClaimableRequest) (*types.QueryClaimableResponse, error) {
	p, err := q.k.Pool(ctx, req.PoolId)
	if err != nil {
		return nil, err
	}
	rewards, owed := types.NoAmounts(), math.ZeroInt()
	if req.Owner != "" {
		owner, err := q.k.address("owner", req.Owner)
		if err != nil {
			return nil, err
		}
		if rewards, owed, err = q.k.RewardsClaimable(ctx, p.Id, owner); err != nil {
			return nil, err
		}
	}
	maker := q.k.MakerClaimable(ctx, p)
	return &types.QueryClaimableResponse{
		MakerFees:    maker.Fees,
		MakerVested:  maker.Vested.String(),
		MakerShares:  maker.Shares.String(),
		ProtocolFees: p.ProtocolFees,
		Stray: types.Amounts{
			Alita: q.k.stray(ctx, p, types.BaseDenom),
			Data:  q.k.stray(ctx, p, p.DataDenom),
		},
		Rewards: rewards,
		Owed:    owed.String(),
	}, nil
}
